import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../relative-time.tsx';
import { storedIdOf } from '../users/stored-id.ts';
import type { AccessRequest } from './documents.ts';
import styles from './access-requests.module.css';

interface RequestItemProps {
  request: AccessRequest;
  onDecide: (approve: boolean) => void;
}

/** Who asks for which table and why; or how it was decided. */
export function RequestItem({ request, onDecide }: RequestItemProps) {
  const { id, user, table, reason, requestedAt, status } = request;
  const whose = `${user?.email ?? 'somebody who is gone'}, ${table?.sqlName ?? 'a table that is gone'}`;
  return (
    <li className={styles.request} data-request={id} data-status={status}>
      <div className={styles.asked}>
        <p className={styles.who}>
          {user ? (
            <Link to="/admin/users/$id" params={{ id: storedIdOf(user.id) }}>
              <bdi>{user.email}</bdi>
            </Link>
          ) : (
            'Somebody who is gone'
          )}{' '}
          asks to read{' '}
          {table ? (
            <Link
              to="/admin/access"
              search={{ table: table.sqlName, ...(user && { user: storedIdOf(user.id) }) }}
              title="Whether they may read it, and why"
            >
              <bdi>{table.sqlName}</bdi>
            </Link>
          ) : (
            'a table that is gone'
          )}
        </p>
        <blockquote className={styles.reason}>
          <bdi>{reason}</bdi>
        </blockquote>
        <p className={styles.when}>
          {user?.name && (
            <>
              <bdi className={styles.name}>{user.name}</bdi>,{' '}
            </>
          )}
          <RelativeTime moment={requestedAt} />
        </p>
        {status !== 'PENDING' && <Outcome request={request} />}
      </div>
      {status === 'PENDING' && (
        <div className={styles.actions}>
          {table && user && (
            <Button size="compact-sm" aria-label={`Approve: ${whose}`} onClick={() => onDecide(true)}>
              Approve
            </Button>
          )}
          <Button size="compact-sm" variant="default" aria-label={`Deny: ${whose}`} onClick={() => onDecide(false)}>
            Deny
          </Button>
        </div>
      )}
    </li>
  );
}

function Outcome({ request: { status, decidedBy, decidedAt, expiresAt, note } }: { request: AccessRequest }) {
  return (
    <div className={styles.outcome}>
      <p>
        <strong data-status={status}>{status === 'APPROVED' ? 'Approved' : 'Denied'}</strong> by{' '}
        <bdi>{decidedBy ?? 'somebody who is gone'}</bdi>
        {decidedAt && (
          <>
            , <RelativeTime moment={decidedAt} />
          </>
        )}
        {expiresAt && (
          <>
            ; ends <RelativeTime moment={expiresAt} />
          </>
        )}
      </p>
      {note && (
        <blockquote className={styles.reason}>
          <bdi>{note}</bdi>
        </blockquote>
      )}
    </div>
  );
}
