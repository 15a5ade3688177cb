import type { Connection } from '../connection/connection.ts';
import { openFeed, type Feed } from '../connection/feed.ts';
import { graphql } from '../connection/graphql.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { printNotice } from '../output/streams.ts';

const TablesChanged = graphql(`
  subscription TablesChanged($after: ID) {
    syncEvents(after: $after) {
      __typename
      id
    }
  }
`);

const AccessChanged = graphql(`
  subscription AccessChanged {
    accessChanged {
      accessVersion
    }
  }
`);

/** So often the server is asked though it told nothing: metrics, descriptions and choices have no event. */
const quietSeconds = 60;
/** While there is no connection, or the last sync failed. */
const pollSeconds = 5;
/** What happens at once is synced at once. */
const settleSeconds = 0.2;

/** Runs `sync` now and whenever something may have changed that the person may read, until Ctrl-C, which is no failure. */
export async function watchServer(connection: Connection, sync: () => Promise<void>): Promise<void> {
  process.once('SIGINT', () => process.exit(exitCodes.done));
  const tables = await openFeed(connection, {
    document: TablesChanged,
    variables: {},
    idOf: ({ syncEvents }) => syncEvents?.id,
  });
  const access = await openFeed(connection, { document: AccessChanged, variables: {}, idOf: () => undefined });
  const told = new Bell();
  const ended = Promise.race([
    ring(told, tables, ({ syncEvents }) => syncEvents?.__typename === 'SyncFinished'),
    ring(told, access, () => true),
  ]);
  for (;;) {
    const isInStep = await tried(sync);
    const isWell = isInStep && !tables.lost && !access.lost;
    await Promise.race([ended, told.rung(isWell ? quietSeconds : pollSeconds)]);
    await told.pause(settleSeconds);
  }
}

/** Whether it went well; throws what no other try would mend. */
async function tried(sync: () => Promise<void>): Promise<boolean> {
  try {
    await sync();
    return true;
  } catch (error) {
    const mayMend = error instanceof CommandFailure && error.exitCode === exitCodes.failed;
    if (!mayMend) throw error;
    printNotice(error.message);
    return false;
  }
}

/** Rings at each event that matters; rejects when the server refuses to tell more. */
async function ring<Event>(bell: Bell, feed: Feed<Event>, matters: (event: Event) => boolean): Promise<never> {
  for (;;) {
    const event = await feed.next(quietSeconds);
    if (event !== null && matters(event)) bell.ring();
  }
}

class Bell {
  #hasRung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  /** Resolves when it rings or has rung since it was last heard, at the latest after `seconds`. */
  async rung(seconds: number): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, seconds * 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits, and forgets what rang. */
  async pause(seconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    this.#hasRung = false;
  }
}
