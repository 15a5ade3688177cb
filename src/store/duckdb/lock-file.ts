import { readFileSync, renameSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { StoreLockedError } from '../open-errors.ts';

/** Who holds a lock. `startedAt` tells a process from a later one with the same number; null where nothing tells. */
interface Holder {
  pid: number;
  startedAt: string | null;
  host: string;
}

/** Files that this process has open: a second handle in one process would undo DuckDB's own lock. */
const openHere = new Set<string>();

/**
 * Takes `<file>.lock`, also over from a process that is gone; throws a `StoreLockedError` when a living one holds it.
 * The lock of another host (or container) cannot be judged: DuckDB's own lock decides then. Returns how to release it.
 */
export function takeLock(file: string): () => void {
  const lock = `${file}.lock`;
  const mine = JSON.stringify(describeProcess(process.pid));
  if (openHere.has(file)) throw new StoreLockedError(file, process.pid);
  while (!tryToCreate(lock, mine)) {
    const found = readLock(lock);
    const holder = parseHolder(found);
    if (holder && isAlive(holder)) throw new StoreLockedError(file, holder.pid);
    if (found !== undefined) removeStale(lock, found);
  }
  openHere.add(file);
  return () => {
    openHere.delete(file);
    if (readLock(lock) === mine) rmSync(lock, { force: true });
  };
}

function tryToCreate(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readLock(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves the lock away, and back when another process had taken it over in the meantime. */
function removeStale(lock: string, stale: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, lock);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

/** Undefined for what no process of ours has written to its end. */
function parseHolder(content: string | undefined): Holder | undefined {
  try {
    const holder = JSON.parse(content ?? '') as Partial<Holder>;
    return typeof holder.pid === 'number' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const { startedAt } = describeProcess(holder.pid);
  return startedAt === null || holder.startedAt === null || startedAt === holder.startedAt;
}

function describeProcess(pid: number): Holder {
  return { pid, startedAt: readStartTime(pid), host: hostname() };
}

/** Clock ticks between the boot and the start of the process, from Linux's `/proc`. */
function readStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
