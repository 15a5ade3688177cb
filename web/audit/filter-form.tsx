import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { fromLocalInput, toLocalInput, type AuditFilter } from './audit-filter.ts';
import styles from './audit.module.css';

interface FilterFormProps {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

/** What to show of the audit; it counts when it is sent. */
export function FilterForm({ filter, onFilter }: FilterFormProps) {
  const [actor, setActor] = useState(filter.actor ?? '');
  const [action, setAction] = useState(filter.action ?? '');
  const [resource, setResource] = useState(filter.resource ?? '');
  const [since, setSince] = useState(toLocalInput(filter.since));
  const [until, setUntil] = useState(toLocalInput(filter.until));

  function submit(event: FormEvent): void {
    event.preventDefault();
    const moments = { since: fromLocalInput(since), until: fromLocalInput(until) };
    onFilter(withoutEmpty({ actor: actor.trim(), action: action.trim(), resource: resource.trim(), ...moments }));
  }

  return (
    <form className={styles.filter} aria-label="Which events" noValidate onSubmit={submit}>
      <TextInput
        label="Who"
        placeholder="ada@example.com"
        value={actor}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => setActor(event.currentTarget.value)}
      />
      <TextInput
        label="Action begins with"
        placeholder="role. or role.granted"
        value={action}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => setAction(event.currentTarget.value)}
      />
      <TextInput
        label="On what"
        placeholder="table:… or role:sales.reader"
        value={resource}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => setResource(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="From"
        step={1}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="Before"
        step={1}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <div className={styles.filterActions}>
        <Button type="submit">Show</Button>
        {Object.keys(filter).length > 0 && (
          <Button variant="default" onClick={() => onFilter({})}>
            Show all
          </Button>
        )}
      </div>
    </form>
  );
}

function withoutEmpty(filter: Record<string, string | undefined>): AuditFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
}
