import type { RunningServer } from './start-server.ts';

/** One Ctrl+C may come twice: from the terminal to the whole group, and again from npm or the launcher. */
const sameStopSeconds = 1;

/** Closes the server on SIGINT and SIGTERM, then ends the process; a later signal ends it at once. */
export function stopOnSignals(server: Pick<RunningServer, 'close'>): void {
  let stoppingSince: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (stoppingSince !== null && now - stoppingSince > sameStopSeconds * 1000) process.exit(1);
      if (stoppingSince !== null) return;
      stoppingSince = now;
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
