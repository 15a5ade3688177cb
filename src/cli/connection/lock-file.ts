import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failed } from '../failure.ts';

const waitMilliseconds = 50;

/** One thing that only one process at a time may do. */
export interface Lock {
  readonly path: string;
  /** What the others do, such as `is busy with the sign-in`. */
  readonly holderDoes: string;
  readonly longestWaitMilliseconds: number;
  /** No holder takes this long. */
  readonly staleMilliseconds: number;
}

/** Runs `work` while no other process runs anything under this lock; waits for the one that does. */
export async function withLock<Result>(lock: Lock, work: () => Promise<Result>): Promise<Result> {
  const { path, holderDoes, longestWaitMilliseconds } = lock;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const giveUpAt = Date.now() + longestWaitMilliseconds;
  while (!(await take(lock))) {
    if (Date.now() > giveUpAt) throw failed(`Another da ${holderDoes}; if there is none, remove ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, waitMilliseconds));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take({ path, staleMilliseconds }: Lock): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw failed(`${path} cannot be written (${code}).`);
    if (await isLeftBehind(path, staleMilliseconds)) await rm(path, { force: true });
    return false;
  }
}

/** Whether the process that made the lock is gone, or hangs. */
async function isLeftBehind(path: string, staleMilliseconds: number): Promise<boolean> {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(path), readFile(path, 'utf8')]);
    const age = Date.now() - mtimeMs;
    // A lock without a number has only just been made, or its maker died while making it.
    return age > staleMilliseconds || (text === '' ? age > 1_000 : !isAlive(Number(text)));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
