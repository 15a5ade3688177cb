import type { RunningServer } from './start-server.ts';

/** Closes the server on SIGINT and SIGTERM, then ends the process; a second signal ends it at once. */
export function stopOnSignals(server: Pick<RunningServer, 'close'>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${(error as Error).message}\n`);
          process.exit(1);
        },
      );
    });
  }
}
