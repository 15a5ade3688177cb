import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { GrantTableAccessMutation, type AccessTable, type GrantableRole } from './documents.ts';
import styles from './table-access.module.css';
import { UserField } from './user-field.tsx';

const fieldNames = ['userId', 'roleKey', 'expiresAt'] as const;

type Effect = 'ALLOW' | 'DENY';
type Scope = 'table' | 'bucket' | 'source';

interface GrantFormProps {
  table: AccessTable;
  roles: readonly GrantableRole[];
  /** Global; null: whom it is for is chosen here. */
  userId: string | null;
  onDone: (announcement: string) => void;
}

/** Lets a user or a role read a table, its bucket or its source, or forbids it, for good or until a moment. */
export function GrantForm({ table, roles, userId, onDone }: GrantFormProps) {
  const [kind, setKind] = useState<'role' | 'user'>('role');
  const [roleKey, setRoleKey] = useState('');
  const [chosenUser, setChosenUser] = useState<{ id: string; name: string } | null>(null);
  const [effect, setEffect] = useState<Effect>('ALLOW');
  const [scope, setScope] = useState<Scope>('table');
  const [until, setUntil] = useState('');
  const { send, refusal, setRefusal, sending } = useChange(GrantTableAccessMutation, fieldNames);
  const isForRole = userId === null && kind === 'role';

  function findGrantee(): { userId: string } | { roleKey: string } | null {
    if (userId !== null) return { userId };
    if (kind === 'role') return roleKey === '' ? null : { roleKey };
    return chosenUser && { userId: chosenUser.id };
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const grantee = findGrantee();
    if (!grantee) {
      const faults = isForRole ? { roleKey: 'Choose a role.' } : { userId: 'Choose a user.' };
      return setRefusal({ message: null, faults });
    }
    const expiresAt = until === '' ? null : new Date(until).toISOString();
    if (!(await send({ ...scopeInput(table, scope), ...grantee, effect, expiresAt }))) return;
    setRoleKey('');
    setChosenUser(null);
    setUntil('');
    onDone(effect === 'ALLOW' ? 'It is granted.' : 'It is denied.');
  }

  return (
    <form noValidate aria-label="Grant or deny" className={styles.form} onSubmit={(event) => void submit(event)}>
      <div className={styles.fields}>
        <NativeSelect
          label="What"
          value={effect}
          data={[
            { value: 'ALLOW', label: 'May read' },
            { value: 'DENY', label: 'Must not read' },
          ]}
          onChange={(event) => setEffect(event.currentTarget.value === 'DENY' ? 'DENY' : 'ALLOW')}
        />
        <NativeSelect
          label="On"
          value={scope}
          data={[
            { value: 'table', label: 'This table' },
            ...(table.bucket === null ? [] : [{ value: 'bucket', label: `Its bucket ${table.bucket}` }]),
            { value: 'source', label: `Its source ${table.source}` },
          ]}
          onChange={(event) => setScope(event.currentTarget.value as Scope)}
        />
        {userId === null && (
          <NativeSelect
            label="For"
            value={kind}
            data={[
              { value: 'role', label: 'A role' },
              { value: 'user', label: 'A user' },
            ]}
            onChange={(event) => setKind(event.currentTarget.value === 'user' ? 'user' : 'role')}
          />
        )}
        {isForRole && (
          <NativeSelect
            label="Role"
            value={roleKey}
            error={refusal?.faults.roleKey}
            onChange={(event) => setRoleKey(event.currentTarget.value)}
          >
            <option value="">Choose a role</option>
            {roles.map(({ key, displayName }) => (
              <option key={key} value={key}>
                {displayName} ({key})
              </option>
            ))}
          </NativeSelect>
        )}
        {userId === null && !isForRole && (
          <UserField chosen={chosenUser?.name ?? null} error={refusal?.faults.userId} onChoose={setChosenUser} />
        )}
        <TextInput
          type="datetime-local"
          label="Until, if it is to end"
          value={until}
          error={refusal?.faults.expiresAt}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Button type="submit" className={styles.submit} loading={sending}>
          {submitLabel(effect, userId)}
        </Button>
      </div>
      <RefusalText message={refusal?.message} />
    </form>
  );
}

function submitLabel(effect: Effect, userId: string | null): string {
  const verb = effect === 'ALLOW' ? 'Grant' : 'Deny';
  return userId === null ? verb : `${verb} it to this user`;
}

function scopeInput({ id, source, bucket }: AccessTable, scope: Scope) {
  if (scope === 'table') return { tableId: id };
  return scope === 'bucket' ? { source, bucket } : { source };
}
