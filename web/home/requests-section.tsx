import { Link } from '@tanstack/react-router';
import { PageLink } from '../frame/page-link.tsx';
import { useNotifications } from '../frame/use-notifications.ts';
import { useSession } from '../frame/session.ts';
import { QueryView } from '../query-view.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { RequestsQuery, type AccessRequest } from './documents.ts';
import { HomeSection } from './home-section.tsx';
import styles from './home.module.css';

/** Requests on the screen. */
const first = 5;

const states: Record<AccessRequest['status'], string> = {
  PENDING: 'waits',
  APPROVED: 'approved',
  DENIED: 'denied',
};

/** Who decides sees what waits; everybody else how far their own requests have come. */
export function RequestsSection() {
  const { may } = useSession();
  const decides = may('Mutation.decideAccessRequest');
  useNotifications();
  return (
    <HomeSection
      title={decides ? 'Requests that wait' : 'Your requests'}
      aside={decides && <PageLink path="/admin/access-requests">Decide</PageLink>}
    >
      <QueryView query={RequestsQuery} variables={{ first, status: decides ? 'PENDING' : null }} what="The requests">
        {({ accessRequests }) => {
          const requests = accessRequests?.edges.map(({ node }) => node) ?? [];
          if (requests.length === 0) {
            return (
              <p className={styles.oldest}>
                {decides ? 'Nobody waits for access to a table.' : 'You have asked for no table.'}
              </p>
            );
          }
          return (
            <>
              <ul className={styles.rows} aria-label={decides ? 'Requests that wait' : 'Your requests'}>
                {requests.map((request) => (
                  <RequestRow key={request.id} request={request} ofOthers={decides} />
                ))}
              </ul>
              {accessRequests?.pageInfo.hasNextPage && (
                <p className={styles.oldest}>These are the newest {first}; there are more.</p>
              )}
            </>
          );
        }}
      </QueryView>
    </HomeSection>
  );
}

function RequestRow({ request, ofOthers }: { request: AccessRequest; ofOthers: boolean }) {
  const { table, user, reason, status, requestedAt, note } = request;
  return (
    <li data-request={status}>
      <div className={styles.what}>
        {table ? (
          <Link to="/tables/$sqlName" params={{ sqlName: table.sqlName }} className={styles.name}>
            <bdi>{table.sqlName}</bdi>
          </Link>
        ) : (
          <span className={styles.name}>A table that you may not see</span>
        )}
        {ofOthers && <bdi className={styles.detail}>{user?.email ?? 'somebody who is gone'}</bdi>}
        <bdi className={styles.detail} title={reason}>
          {reason}
        </bdi>
        {note !== null && (
          <span className={styles.detail} title={note}>
            Answer: <bdi>{note}</bdi>
          </span>
        )}
      </div>
      <span className={styles.when}>
        {!ofOthers && <span data-status={status}>{states[status]}</span>}
        <span className={styles.detail}>
          <RelativeTime moment={requestedAt} />
        </span>
      </span>
    </li>
  );
}
