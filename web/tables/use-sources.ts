import { useState } from 'react';
import { useQuery } from 'urql';
import type { ResultOf } from '../graphql.ts';
import { SourcesQuery, type SyncEvent } from './documents.ts';
import { useSyncEvents } from './use-sync-events.ts';

export type Source = NonNullable<ResultOf<typeof SourcesQuery>['sources']>[number];

/** The configured sources, each with whether a run of it is going on. */
export function useSources() {
  const [result, refetch] = useQuery({ query: SourcesQuery });
  const sources = result.data?.sources;
  const [live, setLive] = useState({ sources, started: new Set<string>() });
  if (live.sources !== sources) setLive({ sources, started: new Set() });

  useSyncEvents((event: SyncEvent) => {
    if (event.__typename === 'SyncFinished') return refetch({ requestPolicy: 'network-only' });
    if (event.__typename !== 'SyncStarted') return;
    setLive((last) => ({ sources: last.sources, started: new Set(last.started).add(event.source) }));
  });

  return {
    sources: sources?.map((source) => ({ source, running: live.started.has(source.name) || hasRunningTable(source) })),
    error: result.error,
    refetch: () => refetch({ requestPolicy: 'network-only' }),
  };
}

function hasRunningTable({ tables }: Source): boolean {
  return tables.some(({ syncState }) => syncState.status === 'RUNNING');
}
