import { Button, Checkbox, Group } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import { SearchField } from '../tables/search-field.tsx';
import { LocalPages, pageOf } from './local-pages.tsx';
import { RegisterTablesMutation, type Offer } from './documents.ts';
import { RefusedTables } from './refused-tables.tsx';
import styles from './sources.module.css';

/** A list that fits on one page is chosen as a whole when it is the first that a source brings. */
const mostChosenAtFirst = 50;

interface RegisterFormProps {
  source: string;
  /** What the source offers and nobody has registered. */
  offers: readonly Offer[];
  /** Whether the source has no table yet. */
  isFirst: boolean;
  onDone: (announcement: string) => void;
}

/** Chooses among the tables that a source offers, and registers all that are chosen or none. */
export function RegisterForm({ source, offers, isFirst, onDone }: RegisterFormProps) {
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const [decided, setDecided] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [sent, setSent] = useState<readonly string[]>([]);
  const isChosen = ({ name }: Offer) => decided.get(name) ?? (isFirst && offers.length <= mostChosenAtFirst);
  const chosen = offers.filter(isChosen);
  const found = offers.filter((offer) => matches(offer, search));
  const { send, refusal, setRefusal, sending } = useChange(
    RegisterTablesMutation,
    chosen.map((_, place) => `tables.${place}`),
  );

  function choose(some: readonly Offer[], value: boolean): void {
    const next = new Map(decided);
    for (const { name } of some) next.set(name, value);
    setDecided(next);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSent(chosen.map(({ name }) => name));
    const tables = chosen.map(({ name, description, bucket, primaryKey, options }) => ({
      name,
      description,
      bucket,
      primaryKey,
      options,
    }));
    if (!(await send({ source, tables }))) return;
    onDone(`${tables.length} ${tables.length === 1 ? 'table' : 'tables'} of ${source} are registered.`);
  }

  function leaveOut(names: readonly string[]): void {
    choose(
      offers.filter(({ name }) => names.includes(name)),
      false,
    );
    setRefusal(null);
  }

  return (
    <form className={styles.registering} aria-label="Register tables" onSubmit={(event) => void submit(event)}>
      {offers.length > 8 && (
        <Group gap="sm">
          <SearchField
            label="Search what is offered"
            value={search}
            onSearch={(text) => {
              setSearch(text);
              setPage(0);
            }}
          />
          <Button variant="default" size="compact-sm" onClick={() => choose(found, true)}>
            Choose all {found.length}
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => choose(found, false)}>
            Choose none
          </Button>
        </Group>
      )}
      <fieldset className={styles.offers}>
        <legend>Tables that {source} offers; they are private until you grant them</legend>
        {found.length === 0 && <p>Nothing that is offered matches “{search}”.</p>}
        {pageOf(found, page).map((offer) => (
          <Checkbox
            key={offer.name}
            label={<bdi>{offer.name}</bdi>}
            description={describe(offer)}
            checked={isChosen(offer)}
            onChange={(event) => choose([offer], event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      <LocalPages count={found.length} page={page} onPage={setPage} />
      {refusal && <RefusedTables refusal={refusal} sent={sent} onLeaveOut={leaveOut} />}
      <Button type="submit" loading={sending} disabled={chosen.length === 0}>
        Register {chosen.length} {chosen.length === 1 ? 'table' : 'tables'}
      </Button>
    </form>
  );
}

function describe({ bucket, description }: Offer): string | undefined {
  return [bucket, description].filter((part) => part !== null && part !== '').join(': ') || undefined;
}

function matches(offer: Offer, search: string): boolean {
  const text = search.trim().toLowerCase();
  return [offer.name, offer.bucket, offer.description].some((part) => part?.toLowerCase().includes(text));
}
