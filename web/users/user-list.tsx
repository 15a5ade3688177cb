import { Link } from '@tanstack/react-router';
import { RelativeTime } from '../relative-time.tsx';
import { storedIdOf } from './stored-id.ts';
import type { UserSummary } from './documents.ts';
import { WideTable } from '../wide-table.tsx';
import styles from './users.module.css';

/** Users as a table that scrolls sideways where it must. */
export function UserList({ users }: { users: readonly UserSummary[] }) {
  return (
    <WideTable label="Users" className={styles.list}>
      <thead>
        <tr>
          <th scope="col">User</th>
          <th scope="col">Core role</th>
          <th scope="col">State</th>
          <th scope="col">Added</th>
          <th scope="col">Last here</th>
        </tr>
      </thead>
      <tbody>
        {users.map(({ id, email, name, active, coreRole, createdAt, lastSeenAt }) => (
          <tr key={id} data-user={email}>
            <th scope="row">
              <Link to="/admin/users/$id" params={{ id: storedIdOf(id) }} className={styles.person} title={email}>
                <bdi>{email}</bdi>
              </Link>
              {name !== null && (
                <bdi className={styles.detail} title={name}>
                  {name}
                </bdi>
              )}
            </th>
            <td title={coreRole?.key}>{coreRole?.displayName ?? 'none'}</td>
            <td>{active ? 'active' : <strong className={styles.off}>deactivated</strong>}</td>
            <td>
              <RelativeTime moment={createdAt} />
            </td>
            <td>{lastSeenAt === null ? 'never' : <RelativeTime moment={lastSeenAt} />}</td>
          </tr>
        ))}
      </tbody>
    </WideTable>
  );
}
