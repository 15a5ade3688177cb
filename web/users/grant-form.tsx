import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { GrantRoleMutation, type GrantableRole, type UserRoles } from './documents.ts';
import styles from './users.module.css';

const fieldNames = ['roleKey', 'expiresAt'] as const;

interface GrantFormProps {
  user: UserRoles;
  roles: readonly GrantableRole[];
  onDone: (announcement: string) => void;
}

/** Gives a role, for good or until a moment. */
export function GrantForm({ user, roles, onDone }: GrantFormProps) {
  const [roleKey, setRoleKey] = useState('');
  const [until, setUntil] = useState('');
  const { send, refusal, setRefusal, sending } = useChange(GrantRoleMutation, fieldNames);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    if (roleKey === '') return setRefusal({ message: null, faults: { roleKey: 'Choose a role.' } });
    const expiresAt = until === '' ? null : new Date(until).toISOString();
    if (!(await send({ userId: user.id, roleKey, expiresAt }))) return;
    setRoleKey('');
    setUntil('');
    onDone(`${user.email} has the role ${roleKey} now.`);
  }

  return (
    <form noValidate aria-label="Give a role" onSubmit={(event) => void submit(event)}>
      <div className={styles.giving}>
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
        <TextInput
          type="datetime-local"
          label="Until, if it is to end"
          value={until}
          error={refusal?.faults.expiresAt}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Button type="submit" className={styles.submit} loading={sending}>
          Give the role
        </Button>
      </div>
      <RefusalText message={refusal?.message} />
    </form>
  );
}
