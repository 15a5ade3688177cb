export type SyncRunState = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

/** The error of a run that ended because the server did. */
export const stoppedSentence = 'The server stopped while this run was on its way; start it again.';

/** One execution for a source. `error` is about the whole run; each table has its own. */
export interface SyncRun {
  id: string;
  sourceId: string;
  state: SyncRunState;
  /** An e-mail address, `system`, `schedule` or `webhook`. */
  requestedBy: string;
  /** Whether it takes all rows, also of tables with a watermark. */
  fullRefresh: boolean;
  /** The tasks of the source that it is about; null: the whole source. */
  tasks: string[] | null;
  queuedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
  /** What the connector tells of it; null: nothing. */
  report: unknown;
}

/** Whether the run may still change. */
export function isOpen({ state }: Pick<SyncRun, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/** How long a run or a table of it took, in milliseconds; null when it has not begun or not ended. */
export function durationMs(given: Pick<SyncRun, 'startedAt' | 'finishedAt'>): number | null {
  const { startedAt, finishedAt } = given;
  return startedAt && finishedAt && Math.max(0, finishedAt.getTime() - startedAt.getTime());
}

export type SyncRunTableState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** What became of one table in a run. */
export interface SyncRunTable {
  runId: string;
  tableId: string;
  state: SyncRunTableState;
  /** How often its extraction was begun. */
  attempts: number;
  rows: number | null;
  sizeBytes: number | null;
  /** Bytes that the source charged for; null when it does not tell. */
  bytesBilled: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  error: string | null;
}
