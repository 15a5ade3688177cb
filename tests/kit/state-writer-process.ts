import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running `state-writer.ts`. */
export interface StateWriter {
  readonly pid: number;
  /** Resolves when it has said `word`, or has ended. */
  hasSaid(word: 'starting' | 'open'): Promise<void>;
  /** Kills it and resolves to the lines it had said to their end; throws when it had ended by itself. */
  kill(): Promise<string[]>;
}

/** Starts a process that writes to the state in `dataDir`; without `migrations` it only holds it open. */
export function startStateWriter(dataDir: string, migrations?: string): StateWriter {
  const args = ['--import', 'tsx', 'tests/kit/state-writer.ts', dataDir, ...(migrations ? [migrations] : [])];
  const writer = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = endOf(writer);
  let said = '';
  writer.stdout.on('data', (text: Buffer) => (said += text.toString()));
  return {
    pid: writer.pid ?? 0,
    async hasSaid(word) {
      while (!said.includes(`${word}\n`) && writer.exitCode === null) {
        await Promise.race([once(writer.stdout, 'data'), ended]);
      }
    },
    async kill() {
      writer.kill('SIGKILL');
      const signal = await ended;
      if (signal !== 'SIGKILL') throw new Error(`The state writer ended by itself after: ${said}`);
      return said.split('\n').slice(0, -1);
    },
  };
}

async function endOf(child: ChildProcess): Promise<string | null> {
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal;
}
