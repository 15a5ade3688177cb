import type { Connection } from '../connection/connection.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { SyncRun } from './documents.ts';

/** Whether the run will change no more. */
export function hasEnded({ state }: Pick<SyncRun, 'state'>): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

/** The global id of a run that was named by it, or by the part behind the colon. */
export function runIdOf(given: string): string {
  return given.startsWith('SyncRun:') ? given : `SyncRun:${given}`;
}

/** The run as the server has it now; fails when there is none. */
export async function readSyncRun(connection: Connection, id: string): Promise<SyncRun> {
  const { syncRun } = await request(connection, SyncRun, { id });
  if (syncRun) return syncRun;
  throw failed(`There is no run ${id}; \`da sync list\` shows the newest.`);
}
