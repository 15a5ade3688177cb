import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { useNow } from '../now.ts';
import person from '../person/person.module.css';
import { RelativeTime } from '../relative-time.tsx';
import { storedIdOf } from '../users/stored-id.ts';
import { RevokeTableAccessMutation, type AccessTable, type TableGrant } from './documents.ts';
import { GrantScope } from './grant-scope.tsx';
import styles from './table-access.module.css';

interface GrantListProps {
  table: AccessTable;
  grants: readonly TableGrant[];
  onDone: (announcement: string) => void;
}

/** Every grant and denial that covers a table, those that have yet to begin or have ended too; each can be revoked. */
export function GrantList({ table, grants, onDone }: GrantListProps) {
  const [leaving, setLeaving] = useState<TableGrant | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(RevokeTableAccessMutation);
  const now = useNow();

  async function revoke(grant: TableGrant): Promise<void> {
    if (!(await send({ grantId: grant.id }))) return;
    setLeaving(null);
    onDone(`The grant to ${granteeOf(grant)} is revoked.`);
    document.getElementById('content')?.focus();
  }

  if (grants.length === 0) {
    return <p className={person.introduction}>No grant covers this table, its bucket or its source.</p>;
  }
  return (
    <>
      <ul className={person.rows} aria-label="Grants">
        {grants.map((grant) => (
          <li key={grant.id} data-grant={granteeOf(grant)} data-ended={hasEnded(grant, now)}>
            <span className={styles.effect} data-effect={grant.effect}>
              {grant.effect === 'ALLOW' ? 'may read' : 'must not read'}
            </span>
            <div className={person.what}>
              <Grantee grant={grant} />
            </div>
            <div className={person.ways}>
              <GrantFacts grant={grant} />
            </div>
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`Revoke: ${granteeOf(grant)} ${grant.effect === 'ALLOW' ? 'may read' : 'must not read'}`}
              onClick={() => {
                setRefusal(null);
                setLeaving(grant);
              }}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <Dialog
        title={leaving?.effect === 'DENY' ? 'Revoke the denial' : 'Revoke the grant'}
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
      >
        {leaving && (
          <Confirm
            action="Revoke it"
            sending={sending}
            refusal={refusal?.message}
            onConfirm={() => void revoke(leaving)}
            onCancel={() => setLeaving(null)}
          >
            <p>
              <bdi>{granteeOf(leaving)}</bdi> {leaving.effect === 'ALLOW' ? 'may' : 'must not'} read{' '}
              {leaving.source ? <GrantScope grant={leaving} /> : <bdi>{table.sqlName}</bdi>}: this counts no longer from
              now on. {leaving.source && 'It covers other tables, too. '}
              What other grants say stays.
            </p>
          </Confirm>
        )}
      </Dialog>
    </>
  );
}

function Grantee({ grant: { user, role } }: { grant: TableGrant }) {
  if (user) {
    return (
      <>
        <Link to="/admin/users/$id" params={{ id: storedIdOf(user.id) }} className={styles.name} title={user.email}>
          <bdi>{user.email}</bdi>
        </Link>
        {user.name !== null && <bdi className={person.detail}>{user.name}</bdi>}
      </>
    );
  }
  if (!role) return <span className={person.name}>Somebody who is gone</span>;
  return (
    <>
      <Link to="/admin/roles" search={{ role: role.key }} className={styles.name} title={role.displayName}>
        <bdi>{role.displayName}</bdi>
      </Link>
      <span className={person.detail}>the role {role.key}</span>
    </>
  );
}

function GrantFacts({ grant }: { grant: TableGrant }) {
  const { startsAt, expiresAt, grantedBy, grantedAt } = grant;
  const now = useNow();
  return (
    <>
      on <GrantScope grant={grant} />, by <bdi>{grantedBy}</bdi>, <RelativeTime moment={grantedAt} />
      {startsAt !== null && new Date(startsAt) > now && (
        <>
          , begins <RelativeTime moment={startsAt} />
        </>
      )}
      {expiresAt !== null && (
        <>
          , {new Date(expiresAt) > now ? 'ends' : 'ended'} <RelativeTime moment={expiresAt} />
        </>
      )}
    </>
  );
}

function hasEnded({ expiresAt }: TableGrant, now: Date): boolean {
  return expiresAt !== null && new Date(expiresAt) <= now;
}

/** Whom it is for, as a text that tells grants apart. */
function granteeOf({ user, role }: TableGrant): string {
  return user?.email ?? role?.key ?? 'somebody who is gone';
}
