import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { tellResync } from '../data/connection.ts';
import { findRefusal } from '../data/refusal.ts';
import { DeleteRoleMutation, type Role, type RoleUses } from './documents.ts';
import { RoleNames } from './role-names.tsx';
import styles from './roles.module.css';

interface DeleteRoleProps {
  role: Role;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Asks before a role goes, and once more, with what would be lost, when it is in use. */
export function DeleteRole({ role, onCancel, onDone }: DeleteRoleProps) {
  const [{ fetching }, deleteRole] = useMutation(DeleteRoleMutation);
  const [uses, setUses] = useState<RoleUses | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function send(): Promise<void> {
    setRefusal(null);
    const { data, error } = await deleteRole({ input: { key: role.key, removeUses: uses !== null } });
    const answer = data?.deleteRole;
    if (answer?.__typename === 'RoleInUseError') return setUses(answer);
    const refused = findRefusal({ answer, error }, []);
    if (refused) return setRefusal(refused.message);
    tellResync();
    onDone(`The role ${role.displayName} was deleted.`);
  }

  return (
    <div className={styles.form}>
      {uses ? (
        <div role="alert">
          <p>
            The role <code>{role.key}</code> is in use. With it goes for good:
          </p>
          <UseList uses={uses} />
        </div>
      ) : (
        <p>
          The role <code>{role.key}</code> goes for good. When it is in use, you are asked again first.
        </p>
      )}
      {refusal && (
        <p className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" data-autofocus onClick={onCancel}>
          Cancel
        </Button>
        <Button color="red.9" loading={fetching} onClick={() => void send()}>
          {uses ? 'Delete it with all of this' : 'Delete the role'}
        </Button>
      </Group>
    </div>
  );
}

function UseList({ uses: { roleGrants, groupMappings, tableGrants, impliedBy } }: { uses: RoleUses }) {
  return (
    <ul className={styles.uses}>
      {roleGrants > 0 && <li>{count(roleGrants, 'grant')} to users</li>}
      {groupMappings > 0 && <li>{count(groupMappings, 'group mapping')}</li>}
      {tableGrants > 0 && <li>{count(tableGrants, 'table grant')}</li>}
      {impliedBy.length > 0 && (
        <li>
          what these roles imply by it: <RoleNames roles={impliedBy} />
        </li>
      )}
    </ul>
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
