import type { TableRun } from './documents.ts';

type RunOfTable = TableRun['tables'][number];

/** What one run made of the table. */
export interface HistoryEntry extends Pick<RunOfTable, 'state' | 'rows' | 'attempts'> {
  id: string;
  requestedBy: string;
  /** When its turn came, else when it was asked for. */
  at: string;
  /** Milliseconds; null before its end. */
  duration: number | null;
  error: string | null;
}

/** What each of these runs made of the table, in their order. */
export function historyEntries(runs: readonly TableRun[]): HistoryEntry[] {
  return runs.flatMap(({ id, requestedBy, queuedAt, error, tables: [entry] }) => {
    if (!entry) return [];
    const { state, rows, attempts, startedAt, durationMs } = entry;
    const duration = durationMs === null ? null : Number(durationMs);
    return [
      { id, requestedBy, state, rows, attempts, at: startedAt ?? queuedAt, duration, error: entry.error ?? error },
    ];
  });
}

export const stateNames: Record<HistoryEntry['state'], string> = {
  QUEUED: 'Waiting',
  RUNNING: 'Running',
  SUCCEEDED: 'OK',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};
