import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useNotifications } from '../frame/use-notifications.ts';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { QueryView } from '../query-view.tsx';
import { OwnRequestsQuery } from './documents.ts';
import { AccessRequestForm } from './access-request-form.tsx';
import { OwnRequest } from './own-request.tsx';
import { globalIdOf } from './stored-id.ts';
import styles from './table.module.css';

interface MissingTableProps {
  sqlName: string;
  /** The id that the address names, whether there is such a table or not. */
  tableId: string | null;
}

/** Stands in for a table that is not there and for one that the viewer may not read: nothing tells the two apart. */
export function MissingTable({ sqlName, tableId }: MissingTableProps) {
  const { instance } = useSession();
  return (
    <>
      <Notice title="There is no such table for you" level={1}>
        <title>{`No such table · ${instance.name}`}</title>
        <p>
          You may read no table called <bdi className={styles.strong}>{sqlName}</bdi>.{' '}
          {tableId === null
            ? 'If there is one, somebody who reads it can send you the link of its page, by which you can ask for access.'
            : 'If there is one, you can ask for access to it here.'}
        </p>
        <p>
          <Anchor component={Link} to="/tables" underline="always">
            Go to the tables that you may read
          </Anchor>
        </p>
      </Notice>
      {tableId !== null && <AskForTable tableId={globalIdOf(tableId)} />}
    </>
  );
}

/** One's last request for this table, and a form for another unless that one waits. */
function AskForTable({ tableId }: { tableId: string }) {
  const { may } = useSession();
  const [announcement, setAnnouncement] = useState('');
  useNotifications();
  if (!may('Mutation.requestTableAccess')) return null;
  return (
    <div className={styles.asking}>
      <QueryView query={OwnRequestsQuery} variables={{ first: 100 }} what="Your requests">
        {({ accessRequests }) => {
          const last = accessRequests?.edges.find(({ node }) => node.tableId === tableId)?.node;
          return (
            <>
              {last && <OwnRequest request={last} />}
              {last?.status !== 'PENDING' && (
                <AccessRequestForm tableId={tableId} onDone={() => setAnnouncement('Your request is made.')} />
              )}
            </>
          );
        }}
      </QueryView>
      <p role="status" className={styles.announcement}>
        {announcement}
      </p>
    </div>
  );
}
