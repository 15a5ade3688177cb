export type SyncRunState = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

/** The error of a run that ended because the server did. */
export const stoppedSentence = 'The server stopped while this run was on its way; start it again.';

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
