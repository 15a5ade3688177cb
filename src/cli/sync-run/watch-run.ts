import type { Connection } from '../connection/connection.ts';
import { openFeed, type Feed } from '../connection/feed.ts';
import type { ResultOf } from '../connection/graphql.ts';
import { SyncEvents, type SyncRun } from './documents.ts';
import { createProgress } from './create-progress.ts';
import type { Progress } from './progress.ts';
import { hasEnded, readSyncRun } from './read-sync-run.ts';

/** A connection can die without a word: after so long without an event the server is asked. */
const quietSeconds = 20;
const pollSeconds = 1;

/** What `startSync` answers. */
interface QueuedRun {
  readonly id: string;
  readonly tables: readonly unknown[];
}

/**
 * Starts a run and follows it to its end. It listens before the run starts, so that nothing is missed; when the
 * connection is lost it asks instead. Answers with the run as the server keeps it.
 */
export async function watchRun(
  connection: Connection,
  given: { source: string; start: () => Promise<QueuedRun> },
): Promise<SyncRun> {
  const { source, start } = given;
  const feed = await openFeed(connection, SyncEvents, { sources: [source] });
  try {
    const { id, tables } = await start();
    const progress = await createProgress(source, tables.length);
    try {
      return await follow(connection, { id, feed, progress });
    } finally {
      progress.stop();
    }
  } finally {
    feed.close();
  }
}

interface Followed {
  readonly id: string;
  readonly feed: Feed<ResultOf<typeof SyncEvents>>;
  readonly progress: Progress;
}

async function follow(connection: Connection, { id, feed, progress }: Followed): Promise<SyncRun> {
  for (;;) {
    const told = await feed.next(feed.lost ? pollSeconds : quietSeconds);
    const event = told?.syncEvents;
    if (event && event.runId !== id) continue;
    if (event) progress.show(event);
    if (event && event.__typename !== 'SyncFinished') continue;
    const run = await readSyncRun(connection, id);
    if (hasEnded(run)) return run;
  }
}
