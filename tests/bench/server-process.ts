import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.ts';

const ticksPerSecond = 100;

/** `node dist/server.js` over a folder, as it ships. */
export interface ServerProcess {
  readonly url: string;
  /** User and system time so far from `/proc`, without the processes that it starts; NaN where there is none. */
  cpuMilliseconds(): number;
  close(): Promise<void>;
}

/** Starts the built server on a free port; resolves once it answers `/readyz` with 200. */
export async function startServerProcess(dataDir: string): Promise<ServerProcess> {
  const server = spawn(process.execPath, ['--enable-source-maps', join(packageRoot, 'dist/server.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      UV_THREADPOOL_SIZE: '16',
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'silent',
    },
  });
  async function close(): Promise<void> {
    const ended = once(server, 'close');
    server.kill('SIGTERM');
    await ended;
  }
  try {
    const url = await listening(server);
    while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 5));
    return { url, close, cpuMilliseconds: () => cpuMilliseconds(server) };
  } catch (error) {
    if (server.exitCode === null) await close();
    throw error;
  }
}

async function listening(server: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of server.stdout!.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    const url = /http:\S+/.exec(said)?.[0];
    if (url) {
      server.stdout!.resume();
      return url;
    }
  }
  throw new Error(`The server ended before it listened: ${said}`);
}

function cpuMilliseconds(server: ChildProcess): number {
  const [user, system] = cpuTicks(server.pid).slice(0, 2);
  return ((user! + system!) * 1000) / ticksPerSecond;
}

/** User and system time of the children of this process that have ended and were waited for; NaN where there is no `/proc`. */
export function endedChildrenCpuMilliseconds(): number {
  const [user, system] = cpuTicks('self').slice(2);
  return ((user! + system!) * 1000) / ticksPerSecond;
}

/** User and system time of a process, and both of its children that have ended. */
function cpuTicks(pid: number | 'self' | undefined): number[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).map(Number);
  } catch {
    return [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  }
}
