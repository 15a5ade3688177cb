import { statfs } from 'node:fs/promises';
import type { Services } from '../operation/services.ts';
import { readStateSize } from '../store/state-size.ts';
import { countWaitingEvents, listOpenRuns } from '../sync/read-sync-runs.ts';
import { countOpenExports } from './read-exports.ts';

declare module '../operation/services.ts' {
  interface Services {
    /** The folder of everything this instance stores; absolute. */
    readonly dataDir: string;
  }
}

/** How an instance is, as it was found just now. */
export interface InstanceHealth {
  readonly dataDirectory: string;
  /** What may still be written where the folder is. */
  readonly freeBytes: number;
  /** All that fits where the folder is. */
  readonly diskBytes: number;
  readonly stateDatabase: 'duckdb' | 'postgres';
  readonly stateBytes: number;
  readonly queuedRuns: number;
  readonly runningRuns: number;
  readonly openExports: number;
  readonly waitingEvents: number;
}

/** Looks at the disk, the state database and what waits for its turn. */
export async function readInstanceHealth(services: Services): Promise<InstanceHealth> {
  const { store, dataDir } = services;
  const [disk, stateBytes, runs, openExports, waitingEvents] = await Promise.all([
    statfs(dataDir),
    readStateSize(store),
    listOpenRuns(services),
    countOpenExports(services),
    countWaitingEvents(services),
  ]);
  return {
    dataDirectory: dataDir,
    freeBytes: disk.bavail * disk.bsize,
    diskBytes: disk.blocks * disk.bsize,
    stateDatabase: store.dialect,
    stateBytes,
    queuedRuns: runs.filter(({ state }) => state === 'queued').length,
    runningRuns: runs.filter(({ state }) => state === 'running').length,
    openExports,
    waitingEvents,
  };
}
