import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';

/** A built program that runs as a process of its own; it is killed when its test has finished. */
export interface Program {
  readonly pid: number;
  /** What it printed so far, both streams in order of arrival. */
  printed(): string;
  /** Resolves to what the pattern matched once it is printed; throws when the program ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts `dist/<name>.js` with nothing in its environment but `environment`, without a terminal. */
export function startProgram(
  name: 'server' | 'demo',
  environment: Record<string, string>,
  words: readonly string[] = [],
): Program {
  const child = spawn(process.execPath, [join(packageRoot, `dist/${name}.js`), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_ENV: 'production', UV_THREADPOOL_SIZE: '16', ...environment },
  });
  let text = '';
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
      heard();
    });
  }
  const ended = endOf(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    printed: () => text,
    async prints(pattern) {
      for (;;) {
        const match = pattern.exec(text);
        if (match) return match;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`It ended without ${pattern}:\n${text}`);
        await Promise.race([new Promise<void>((resolve) => (heard = resolve)), ended]);
      }
    },
    signal: (signalName) => void child.kill(signalName),
    ended,
  };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return code ?? signal ?? 1;
}

/** The address at which a server says that it listens. */
export async function addressOf(program: Program): Promise<string> {
  return (await program.prints(/listens on (http:\S+)/))[1]!;
}

/** The secret in the setup link that a server prints. */
export async function setupSecretOf(program: Program): Promise<string> {
  return (await program.prints(/\/setup#(\S+)/))[1]!;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Listens on a free port of this machine until the test has finished; resolves to it. */
export async function occupyPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
