import type { Log } from '../kernel/log.ts';

/**
 * Runs `job` again and again, `seconds` after its last end; a failure is logged and the next turn comes all the same.
 * Returns how to stop: it resolves when a running turn has ended.
 */
export function repeatEvery(seconds: number, job: () => Promise<void>, log: Log): () => Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  let running = Promise.resolve();
  let stopped = false;

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = turn().then(schedule);
    }, seconds * 1000);
    timer.unref();
  }

  async function turn(): Promise<void> {
    try {
      await job();
    } catch (error) {
      log.error({ err: error }, 'a repeated job failed');
    }
  }

  schedule();
  return async () => {
    stopped = true;
    if (timer) clearTimeout(timer);
    await running;
  };
}
