import { Button, Checkbox, Loader, NativeSelect } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useQuery } from 'urql';
import formStyles from '../form.module.css';
import { FailureNotice } from '../notice.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { DiscoverTablesQuery, RegisterTablesMutation, type GuideSource } from './documents.ts';
import styles from './setup-guide.module.css';

interface TablesStepProps {
  sources: readonly GuideSource[];
  onDone: (announcement: string) => void;
}

/** What a source offers, to be chosen and registered at once. */
export function TablesStep({ sources, onDone }: TablesStepProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const source = chosen ?? (sources.find(({ tables }) => tables.length === 0) ?? sources[0])?.name;
  if (source === undefined) return <p>Connect a source first.</p>;
  return (
    <>
      {sources.length > 1 && (
        <NativeSelect
          label="Source"
          maw="28rem"
          mb="md"
          value={source}
          data={sources.map(({ name }) => name)}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      <OfferedTables key={source} source={source} onDone={onDone} />
    </>
  );
}

function OfferedTables({ source, onDone }: { source: string; onDone: (announcement: string) => void }) {
  const [{ data, error }, refetch] = useQuery({
    query: DiscoverTablesQuery,
    variables: { source },
    requestPolicy: 'cache-and-network',
  });
  const { send, refusal, sending } = useInputMutation(RegisterTablesMutation, []);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const offered = data?.discoverTables;
  if (!offered) {
    const retry = () => refetch({ requestPolicy: 'network-only' });
    if (error) return <FailureNotice error={error} what="What the source offers" retry={retry} />;
    return <Loader size="sm" aria-label="Asking the source for its tables" role="status" />;
  }
  const free = offered.filter(({ registered }) => registered.length === 0);
  const tables = free.filter(({ name }) => !left.has(name));
  const known = offered.flatMap(({ registered }) => registered.map(({ sqlName }) => sqlName));

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const named = tables.map(({ name, description, options }) => ({ name, description, options }));
    if (await send({ source, tables: named })) onDone(`${named.length} tables of ${source} are registered.`);
  }

  return (
    <form className={formStyles.form} aria-label="Register tables" onSubmit={(event) => void submit(event)}>
      {known.length > 0 && (
        <p>
          Registered: <bdi>{known.join(', ')}</bdi>.
        </p>
      )}
      {offered.length === 0 && (
        <p>
          <bdi>{source}</bdi> offers nothing yet.{' '}
          <Button variant="default" size="compact-xs" onClick={() => refetch({ requestPolicy: 'network-only' })}>
            Ask again
          </Button>
        </p>
      )}
      {free.length > 0 && (
        <>
          <fieldset className={styles.offers}>
            <legend>Tables that {source} offers; they are private until you grant them</legend>
            {free.map(({ name, description }) => (
              <Checkbox
                key={name}
                label={name}
                description={description}
                checked={!left.has(name)}
                onChange={(event) => setLeft(toggled(left, name, !event.currentTarget.checked))}
              />
            ))}
          </fieldset>
          <RefusalText message={refusal?.message} />
          <Button type="submit" loading={sending} disabled={tables.length === 0}>
            Register {tables.length} {tables.length === 1 ? 'table' : 'tables'}
          </Button>
        </>
      )}
    </form>
  );
}

function toggled(names: ReadonlySet<string>, name: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(names);
  if (isIn) next.add(name);
  else next.delete(name);
  return next;
}
