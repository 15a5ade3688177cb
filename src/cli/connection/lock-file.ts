import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failed } from '../failure.ts';

const waitMilliseconds = 50;

/** One thing that only one process at a time may do. */
export interface Lock {
  readonly path: string;
  /** What the others do, such as `is busy with the sign-in`. */
  readonly holderDoes: string;
  readonly longestWaitMilliseconds: number;
  /** A holder that has not told for so long that it lives is thought to be gone. */
  readonly staleMilliseconds: number;
}

/** Runs `work` while no other process runs anything under this lock; waits for the one that does. */
export async function withLock<Result>(lock: Lock, work: () => Promise<Result>): Promise<Result> {
  const { path, holderDoes, longestWaitMilliseconds } = lock;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const giveUpAt = Date.now() + longestWaitMilliseconds;
  for (let taken = await take(lock); taken !== 'yes'; taken = await take(lock)) {
    if (taken === 'held' && Date.now() > giveUpAt) {
      throw failed(`Another da ${holderDoes}; if there is none, remove ${path}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, waitMilliseconds));
  }
  const keepFresh = setInterval(() => void touch(path), lock.staleMilliseconds / 4);
  keepFresh.unref();
  try {
    return await work();
  } finally {
    clearInterval(keepFresh);
    await rm(path, { force: true });
  }
}

/** Whether it was taken; `unclear`: another try will tell. */
async function take({ path, staleMilliseconds }: Lock): Promise<'yes' | 'held' | 'unclear'> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return 'yes';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw failed(`${path} cannot be written (${code}).`);
    const holder = await holderOf(path, staleMilliseconds);
    if (holder.state === 'gone') await removeLeft(path, holder.text);
    return holder.state === 'alive' ? 'held' : 'unclear';
  }
}

interface Holder {
  readonly state: 'alive' | 'gone' | 'unclear';
  readonly text: string;
}

/** What is known of the process that made the lock: it may be gone, or hang. */
async function holderOf(path: string, staleMilliseconds: number): Promise<Holder> {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(path), readFile(path, 'utf8')]);
    const age = Date.now() - mtimeMs;
    if (age > staleMilliseconds) return { state: 'gone', text };
    // A lock without a number has only just been made, or its maker died while making it.
    if (text === '') return { state: age > 1_000 ? 'gone' : 'unclear', text };
    return { state: isAlive(Number(text)) ? 'alive' : 'gone', text };
  } catch {
    return { state: 'unclear', text: '' };
  }
}

/** Removes a lock whose maker is gone; one that another process made meanwhile goes back to its place. */
async function removeLeft(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) === text) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch {
    // Another process was faster.
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
