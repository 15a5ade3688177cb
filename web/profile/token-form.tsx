import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import { useSession } from '../frame/session.ts';
import styles from '../person/person.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { CreateTokenMutation } from './documents.ts';
import { RoleChoice } from './role-choice.tsx';
import { TableChoice, type ChosenTable } from './table-choice.tsx';

const fieldNames = ['name', 'expiresInDays', 'roleKeys', 'tableIds'] as const;

const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '', label: 'No end' },
];

interface TokenFormProps {
  /** What the token can be narrowed to. */
  roles: readonly { key: string; displayName: string }[];
  onCancel: () => void;
  onMade: (token: { name: string; secret: string }) => void;
}

/** Makes a token; the server's faults stand at the fields that they are about. */
export function TokenForm({ roles, onCancel, onMade }: TokenFormProps) {
  const { may } = useSession();
  const [name, setName] = useState('');
  const [lifetime, setLifetime] = useState('90');
  const [readOnly, setReadOnly] = useState(false);
  const [roleKeys, setRoleKeys] = useState<string[] | null>(null);
  const [tables, setTables] = useState<readonly ChosenTable[] | null>(null);
  const { send, refusal, sending } = useChange(CreateTokenMutation, fieldNames);
  const form = useRef<HTMLFormElement>(null);
  const faults = refusal?.faults ?? {};

  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusal]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const done = await send({
      name,
      expiresInDays: lifetime === '' ? null : Number(lifetime),
      readOnly,
      ...(roleKeys && { roleKeys }),
      ...(tables && { tableIds: tables.map(({ id }) => id) }),
    });
    if (done) return onMade({ name: done.token.name, secret: done.secret });
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        description="To recognise it by, such as “laptop”."
        value={name}
        error={faults.name}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Ends after"
        data={lifetimes}
        value={lifetime}
        error={faults.expiresInDays}
        onChange={(event) => setLifetime(event.currentTarget.value)}
      />
      <Checkbox
        label="It changes nothing"
        checked={readOnly}
        onChange={(event) => setReadOnly(event.currentTarget.checked)}
      />
      {roles.length > 0 && (
        <RoleChoice roles={roles} chosen={roleKeys} error={faults.roleKeys} onChoose={setRoleKeys} />
      )}
      {may('Query.tables') && <TableChoice chosen={tables} error={faults.tableIds} onChoose={setTables} />}
      <RefusalText message={refusal?.message} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={sending}>
          Make the token
        </Button>
      </Group>
    </form>
  );
}
