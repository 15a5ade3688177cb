import type { Connection } from '../connection/connection.ts';
import { openFeed, type Feed } from '../connection/feed.ts';
import type { ResultOf } from '../connection/graphql.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { SyncEvents, type SyncRun } from './documents.ts';
import { createProgress } from './create-progress.ts';
import type { Progress } from './progress.ts';
import { hasEnded, readSyncRun } from './read-sync-run.ts';

/** A connection can die without a word: after so long without an event the server is asked. */
const quietSeconds = 20;
const pollSeconds = 1;
/** How long the events of a run are waited for whose end was learned by asking. */
const restSeconds = 3;
/** How long a server may be away, as while it is started again, before the command gives up. */
const patienceSeconds = 60;

/** What `startSync` answers. */
interface QueuedRun {
  readonly id: string;
  readonly tables: readonly unknown[];
}

/**
 * Starts a run and follows it to its end. It listens before the run starts, so that nothing is missed. While the connection
 * is lost it asks instead, and when it is back it hears what it missed. Answers with the run as the server keeps it.
 */
export async function watchRun(
  connection: Connection,
  given: { source: string; start: () => Promise<QueuedRun> },
): Promise<SyncRun> {
  const { source, start } = given;
  const feed = await openFeed(connection, {
    document: SyncEvents,
    variables: { sources: [source] },
    idOf: ({ syncEvents }) => syncEvents?.id,
  });
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
  let goneSince: number | null = null;
  for (;;) {
    const told = await feed.next(feed.lost ? pollSeconds : quietSeconds);
    const event = told?.syncEvents;
    if (event && event.runId !== id) continue;
    if (event) progress.show(event);
    if (event && event.__typename !== 'SyncFinished') continue;
    const run = await readSyncRun(connection, id).catch((error: unknown) => {
      goneSince ??= performance.now();
      if (feed.lost && mayComeBack(error) && performance.now() - goneSince < patienceSeconds * 1000) return null;
      throw error;
    });
    if (run) goneSince = null;
    if (!run || !hasEnded(run)) continue;
    if (!event) await showRest({ id, feed, progress });
    return run;
  }
}

async function showRest({ id, feed, progress }: Followed): Promise<void> {
  for (;;) {
    const event = (await feed.next(restSeconds).catch(() => null))?.syncEvents;
    if (!event) return;
    if (event.runId !== id) continue;
    progress.show(event);
    if (event.__typename === 'SyncFinished') return;
  }
}

function mayComeBack(error: unknown): boolean {
  return error instanceof CommandFailure && error.exitCode === exitCodes.failed;
}
