import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { useNotifications } from '../frame/use-notifications.ts';
import { Notice } from '../notice.tsx';
import { NextPage } from '../person/next-page.tsx';
import person from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { Decision } from './decision.tsx';
import { AccessRequestsQuery, type AccessRequest } from './documents.ts';
import { RequestItem } from './request-item.tsx';
import styles from './access-requests.module.css';

const requestsPerPage = 50;

type Status = 'pending' | 'approved' | 'denied' | 'all';

const filters: readonly { status: Status; label: string; argument: AccessRequest['status'] | null; nobody: string }[] =
  [
    { status: 'pending', label: 'Waiting', argument: 'PENDING', nobody: 'Nobody waits for a decision' },
    { status: 'approved', label: 'Approved', argument: 'APPROVED', nobody: 'Nothing was approved yet' },
    { status: 'denied', label: 'Denied', argument: 'DENIED', nobody: 'Nothing was denied yet' },
    { status: 'all', label: 'All', argument: null, nobody: 'Nobody has asked yet' },
  ];

interface RequestBrowserProps {
  place: { status: Status; after: string | null };
  onPage: (after: string | null) => void;
}

/** Who asks to read which table, live; each request that waits is approved or denied here. */
export function RequestBrowser({ place: { status, after }, onPage }: RequestBrowserProps) {
  const [deciding, setDeciding] = useState<{ request: AccessRequest; approve: boolean } | null>(null);
  const [announcement, setAnnouncement] = useState('');
  useNotifications();
  const shown = filters.find((filter) => filter.status === status) ?? filters[0]!;
  return (
    <>
      <nav className={person.sections} aria-label="Which requests">
        <ul>
          {filters.map((filter) => (
            <li key={filter.status}>
              <Link
                to="/admin/access-requests"
                search={filter.status === 'pending' ? {} : { status: filter.status }}
                aria-current={filter.status === status ? 'true' : undefined}
              >
                {filter.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <QueryView
        query={AccessRequestsQuery}
        variables={{ status: shown.argument, first: requestsPerPage, after }}
        what="The requests"
      >
        {({ accessRequests }) =>
          accessRequests && (
            <>
              {accessRequests.edges.length === 0 ? (
                <Notice title={shown.nobody}>
                  <p>A request appears here by itself as soon as somebody asks for a table that they may not read.</p>
                </Notice>
              ) : (
                <ul className={styles.requests} aria-label="Requests">
                  {accessRequests.edges.map(({ node }) => (
                    <RequestItem
                      key={node.id}
                      request={node}
                      onDecide={(approve) => setDeciding({ request: node, approve })}
                    />
                  ))}
                </ul>
              )}
              <NextPage
                size={requestsPerPage}
                first={after === null}
                next={accessRequests.pageInfo.hasNextPage ? accessRequests.pageInfo.endCursor : null}
                onPage={onPage}
              />
            </>
          )
        }
      </QueryView>
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      <Dialog
        title={deciding?.approve ? 'Approve the request' : 'Deny the request'}
        opened={deciding !== null}
        onClose={() => setDeciding(null)}
      >
        {deciding && (
          <Decision
            {...deciding}
            onCancel={() => setDeciding(null)}
            onDone={(said) => {
              setDeciding(null);
              setAnnouncement(said);
              document.getElementById('content')?.focus();
            }}
          />
        )}
      </Dialog>
    </>
  );
}
