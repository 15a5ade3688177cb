export type SyncRunState = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

/** One execution for a source. `error` is about the whole run; each table has its own. */
export interface SyncRun {
  id: string;
  sourceId: string;
  state: SyncRunState;
  requestedBy: string;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
}

export type SyncRunTableState = 'queued' | 'running' | 'succeeded' | 'failed';

/** What became of one table in a run. */
export interface SyncRunTable {
  runId: string;
  tableId: string;
  state: SyncRunTableState;
  rows: number | null;
  sizeBytes: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
}
