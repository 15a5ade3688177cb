import { Button, Group, Loader, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { PlusIcon } from '../icons.tsx';
import { FailureNotice, Notice } from '../notice.tsx';
import { DeleteRole } from './delete-role.tsx';
import { RolesQuery, type Role } from './documents.ts';
import { RoleForm } from './role-form.tsx';
import { RoleGraph } from './role-graph.tsx';
import { RoleList } from './role-list.tsx';
import styles from './roles.module.css';

/** What is asked above the page. */
type Question = { kind: 'create' } | { kind: 'change'; role: Role } | { kind: 'delete'; role: Role };

interface RoleBrowserProps {
  /** The key of the role that the address names. */
  selected: string | null;
  onSelect: (key: string | null) => void;
}

/** All roles, as a graph and as a list. Who may makes, changes and deletes own roles here. */
export function RoleBrowser({ selected, onSelect }: RoleBrowserProps) {
  const { may } = useSession();
  const [{ data, error }, refetch] = useQuery({ query: RolesQuery, requestPolicy: 'cache-and-network' });
  const [question, setQuestion] = useState<Question | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const roles = data?.roles;

  if (!roles) {
    if (!error) return <Loader size="sm" aria-label="Loading the roles" role="status" />;
    return <FailureNotice error={error} what="The roles" retry={() => refetch({ requestPolicy: 'network-only' })} />;
  }

  function finish(said: string): void {
    setQuestion(null);
    setAnnouncement(said);
  }

  const shown = roles.some(({ key }) => key === selected) ? selected : null;
  const select = (key: string) => onSelect(key === selected ? null : key);
  return (
    <>
      <Group mb="md" gap="md" justify="space-between">
        <p className={styles.introduction}>
          A role lets its holders do what its own rules say, and all that the roles it implies let them do.
        </p>
        {may('Mutation.createRole') && (
          <Button leftSection={<PlusIcon />} onClick={() => setQuestion({ kind: 'create' })}>
            New role
          </Button>
        )}
      </Group>
      {roles.length === 0 && (
        <Notice title="There is no role">
          <p>The server defines its roles when it starts; restart it.</p>
        </Notice>
      )}
      <RoleGraph roles={roles} selected={shown} onSelect={select} />
      <RoleList
        roles={roles}
        selected={shown}
        onSelect={select}
        onChange={may('Mutation.updateRole') ? (role) => setQuestion({ kind: 'change', role }) : null}
        onDelete={may('Mutation.deleteRole') ? (role) => setQuestion({ kind: 'delete', role }) : null}
      />
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      <Dialog
        title={question && describeQuestion(question)}
        opened={question !== null}
        onClose={() => setQuestion(null)}
      >
        {question?.kind === 'delete' && (
          <DeleteRole role={question.role} onCancel={() => setQuestion(null)} onDone={finish} />
        )}
        {(question?.kind === 'create' || question?.kind === 'change') && (
          <RoleForm
            role={question.kind === 'change' ? question.role : null}
            roles={roles}
            onCancel={() => setQuestion(null)}
            onDone={finish}
          />
        )}
      </Dialog>
    </>
  );
}

function describeQuestion(question: Question) {
  if (question.kind === 'create') return 'New role';
  return (
    <>
      {question.kind === 'change' ? 'Change the role ' : 'Delete the role '}
      <bdi>{question.role.displayName}</bdi>
    </>
  );
}
