import { useState } from 'react';
import { useQuery } from 'urql';
import { TablesQuery } from './documents.ts';
import { announceSyncEvent, applySyncEvent, noLiveStates } from './live-states.ts';
import { useSyncEvents } from './use-sync-events.ts';

/** Tables on the screen at once. */
export const tablesPerPage = 50;

/** One page of the tables, kept up to date by sync events; when a run ends, the page is fetched again. */
export function useTables({ search, after }: { search: string; after: string | null }) {
  const [result, refetch] = useQuery({
    query: TablesQuery,
    variables: { first: tablesPerPage, after, search: search === '' ? null : search },
  });
  const connection = result.data?.tables;
  const [live, setLive] = useState({ connection, states: noLiveStates, announcement: '' });
  // What was just fetched is newer than what events said before.
  if (live.connection !== connection) setLive({ connection, states: noLiveStates, announcement: '' });

  useSyncEvents((event) => {
    if (event.__typename === 'SyncFinished') return refetch({ requestPolicy: 'network-only' });
    setLive((last) => ({
      connection: last.connection,
      states: applySyncEvent(last.states, event),
      announcement: announceSyncEvent(event) ?? last.announcement,
    }));
  });

  return {
    tables: connection?.edges.map(({ node }) => {
      const syncState = live.states.get(node.id);
      return syncState ? { ...node, syncState } : node;
    }),
    nextCursor: connection?.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null,
    totalCount: connection?.totalCount ?? 0,
    announcement: live.announcement,
    error: result.error,
    refetch: () => refetch({ requestPolicy: 'network-only' }),
  };
}
