import { Button, NativeSelect } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { SetCoreRoleMutation, type GrantableRole, type UserRoles } from './documents.ts';
import styles from './users.module.css';

interface CoreRoleFormProps {
  user: UserRoles;
  roles: readonly GrantableRole[];
  onDone: (announcement: string) => void;
}

/** Exchanges the core role that is given directly, in one step. */
export function CoreRoleForm({ user, roles, onDone }: CoreRoleFormProps) {
  const given = user.roleGrants.filter(({ role }) => role?.isCore);
  const now = given.length === 1 ? (given[0]?.role?.key ?? '') : '';
  const [chosen, setChosen] = useState<string | null>(null);
  const { send, refusal, sending } = useChange(SetCoreRoleMutation);
  const roleKey = chosen ?? now;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending || roleKey === '') return;
    if (!(await send({ userId: user.id, roleKey }))) return;
    setChosen(null);
    onDone(`${user.email} has the core role ${roleKey} now.`);
  }

  return (
    <form noValidate aria-label="Core role" onSubmit={(event) => void submit(event)}>
      <div className={styles.setting}>
        <NativeSelect label="Core role" value={roleKey} onChange={(event) => setChosen(event.currentTarget.value)}>
          {now === '' && <option value="">{given.length === 0 ? 'None directly' : 'Several'}</option>}
          {roles.map(({ key, displayName }) => (
            <option key={key} value={key}>
              {displayName} ({key})
            </option>
          ))}
        </NativeSelect>
        <Button type="submit" className={styles.submit} loading={sending} disabled={roleKey === '' || roleKey === now}>
          Set the core role
        </Button>
      </div>
      <RefusalText message={refusal?.message} />
    </form>
  );
}
