import type { Connection } from '../connection/connection.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { SyncRuns, type SyncRun } from './documents.ts';

/** Whether the run will change no more. */
export function hasEnded({ state }: Pick<SyncRun, 'state'>): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

/** The run as the server has it now. */
export async function readSyncRun(connection: Connection, run: { id: string; source: string }): Promise<SyncRun> {
  const { id, source } = run;
  const runs = allItems(async (after) => (await request(connection, SyncRuns, { source, after })).syncRuns);
  for await (const candidate of runs) if (candidate.id === id) return candidate;
  throw failed(`The server no longer knows the run ${id}.`);
}
