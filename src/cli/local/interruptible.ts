import type { DuckDBConnection } from '@duckdb/node-api';

const signals = ['SIGINT', 'SIGTERM'] as const;
const graceMilliseconds = 500;

/**
 * Runs the work and then `close`, which must wait for its end, and `cleanUp`. Ctrl-C stops the statement; what does not heed
 * it is left behind, cleaned up after, and the process ends as if the signal had not been caught. A second one ends it at once.
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  given: { work: () => Promise<T>; close: () => void; cleanUp?: () => Promise<void> },
): Promise<T> {
  let caught: NodeJS.Signals | undefined;
  let giveUp: () => void;
  const givenUp = new Promise<'given up'>((resolve) => {
    giveUp = () => resolve('given up');
  });
  function stop(signal: NodeJS.Signals): void {
    caught = signal;
    for (const name of signals) process.off(name, stop);
    connection.interrupt();
    setTimeout(giveUp, graceMilliseconds);
  }
  for (const name of signals) process.on(name, stop);
  const ended = given.work().finally(given.close);
  try {
    await Promise.race([ended, givenUp]);
  } catch {
    // Told below, where `ended` is awaited.
  }
  for (const name of signals) process.off(name, stop);
  await given.cleanUp?.();
  if (caught) process.kill(process.pid, caught);
  // A process that was stopped ends here, before anything is told of what the person did not want.
  return caught ? new Promise(() => {}) : ended;
}
