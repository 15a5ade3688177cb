import { useEffect } from 'react';
import { useQuery } from 'urql';
import { ExportsQuery, type ExportFacts } from './documents.ts';

const openPollMilliseconds = 1000;
/** The address of a file works for an hour. */
const restPollMilliseconds = 30 * 60_000;

/** This person's exports, the newest first, followed until they have ended. */
export function useExports() {
  const [{ data, error }, refetch] = useQuery({ query: ExportsQuery, requestPolicy: 'cache-and-network' });
  const exports = data?.viewer?.exports;
  const pollMilliseconds = exports?.some(isOpen) ? openPollMilliseconds : restPollMilliseconds;
  useEffect(() => {
    const timer = setInterval(() => refetch({ requestPolicy: 'network-only' }), pollMilliseconds);
    return () => clearInterval(timer);
  }, [refetch, pollMilliseconds]);
  return { exports, error, refetch: () => refetch({ requestPolicy: 'network-only' }) };
}

/** Whether it has not ended yet. */
export function isOpen({ state }: Pick<ExportFacts, 'state'>): boolean {
  return state === 'QUEUED' || state === 'RUNNING';
}
