import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncPath } from '../../kernel/sync-path.ts';

/**
 * The database file with its log, and a second, whole state beside them while the first is not safe. DuckDB's checkpoint
 * writes over a block that the file depends on: a kill in the midst of that leaves a file that does not open. So a
 * file in use is checkpointed only while `<file>.ready/` holds all of its state, and otherwise a copy is checkpointed that
 * then takes the file's place. `<file>.ready/` exists only while it is whole and newest; the next start installs it.
 */
export class StateFiles {
  readonly file: string;
  readonly #log: string;
  readonly #ready: string;
  readonly #scratch: string;

  constructor(file: string) {
    this.file = file;
    this.#log = `${file}.wal`;
    this.#ready = `${file}.ready`;
    this.#scratch = `${file}.new`;
  }

  /** The file to look into: the one that counts after `install`. */
  get current(): string {
    const ready = join(this.#ready, basename(this.file));
    return existsSync(ready) ? ready : this.file;
  }

  /** What tells this state from every other: a digest of the file and of its log. */
  async digest(): Promise<string> {
    const parts = [await digest(this.file), existsSync(this.#log) ? await digest(this.#log) : ''];
    return createHash('sha256').update(parts.join('+')).digest('hex');
  }

  /** Bytes of changes that are in the log and not yet in the file. */
  get logBytes(): number {
    return statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * Copies file and log, if they are there, to a scratch place and resolves to the copy's path. While this process has
   * the file open, `handle` must be given: opening and closing the file once more would drop DuckDB's lock.
   */
  async copy(handle?: FileHandle): Promise<string> {
    await this.discardCopy();
    await mkdir(this.#scratch, { mode: 0o700 });
    const copy = join(this.#scratch, basename(this.file));
    if (handle) await copyFromHandle(handle, copy);
    else if (existsSync(this.file)) await copyFile(this.file, copy);
    if (existsSync(this.#log)) await copyFile(this.#log, `${copy}.wal`);
    return copy;
  }

  /** Moves `file`, which stands for itself on the same disk, to where a copy would be. */
  async takeAsCopy(file: string): Promise<void> {
    await this.discardCopy();
    await mkdir(this.#scratch, { mode: 0o700 });
    await rename(file, join(this.#scratch, basename(this.file)));
  }

  async discardCopy(): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** From now on the copy counts, not the file. */
  async declareReady(): Promise<void> {
    for (const name of await readdir(this.#scratch)) await syncPath(join(this.#scratch, name));
    await syncPath(this.#scratch);
    await rename(this.#scratch, this.#ready);
    await syncPath(dirname(this.file));
  }

  /** From now on the file counts again; it must be whole. */
  async withdrawReady(): Promise<void> {
    await this.discardCopy();
    if (!existsSync(this.#ready)) return;
    await rename(this.#ready, this.#scratch);
    await syncPath(dirname(this.file));
    await this.discardCopy();
  }

  /** Puts a copy that counts in the file's place; a kill in between is made good by the next call. */
  async install(): Promise<void> {
    if (!existsSync(this.#ready)) return;
    const copy = join(this.#ready, basename(this.file));
    if (existsSync(copy)) {
      await this.#removeLog();
      await rename(copy, this.file);
    }
    if (existsSync(`${copy}.wal`)) await rename(`${copy}.wal`, this.#log);
    await syncPath(dirname(this.file));
    await rm(this.#ready, { recursive: true, force: true });
  }

  /** Keeps a copy of the file in `backups/`, for good. The log must be empty. */
  async keepBackup(name: string): Promise<void> {
    const folder = join(dirname(this.file), 'backups');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await copyFile(this.file, join(folder, name));
    await syncPath(join(folder, name));
    await syncPath(folder);
  }

  /** Where a copy is kept beside the file: `<file>.<name>`, or `<name>-2` and so on where that is a copy of something else. */
  async placeBeside(name: string): Promise<string> {
    for (let count = 1; ; count += 1) {
      const place = `${this.file}.${name}${count === 1 ? '' : `-${count}`}`;
      if (!existsSync(place) || (await isSameState(this.file, place))) return place;
    }
  }

  /** Keeps a copy of the file and of its log beside it, for good; resolves to its path. */
  async keepBeside(name: string): Promise<string> {
    const kept = await this.placeBeside(name);
    if (existsSync(this.#log)) await copyWhole(this.#log, `${kept}.wal`);
    await copyWhole(this.file, kept);
    await syncPath(dirname(kept));
    return kept;
  }

  /** Removes the file, then its log. */
  async remove(): Promise<void> {
    await rm(this.file);
    await this.#removeLog();
    await syncPath(dirname(this.file));
  }

  /** The log with what DuckDB puts beside it while it checkpoints and replays. */
  async #removeLog(): Promise<void> {
    const folder = dirname(this.file);
    const names = await readdir(folder);
    for (const name of names) if (name.startsWith(basename(this.#log))) await rm(join(folder, name));
  }
}

/** Whether a copy holds the file and its log; the log is copied first, so that a copy with a file has its log. */
async function isSameState(file: string, kept: string): Promise<boolean> {
  return (await isSameFile(file, kept)) && (await isSameFile(`${file}.wal`, `${kept}.wal`));
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const sizes = [one, other].map((path) => statSync(path, { throwIfNoEntry: false })?.size);
  if (sizes[0] !== sizes[1]) return false;
  return sizes[0] === undefined || (await digest(one)) === (await digest(other));
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** After a kill the name holds the whole file or what it held before. */
async function copyWhole(from: string, to: string): Promise<void> {
  const draft = `${to}.new`;
  await copyFile(from, draft);
  await syncPath(draft);
  await rename(draft, to);
}

async function copyFromHandle(handle: FileHandle, to: string): Promise<void> {
  const target = await open(to, 'wx', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let position = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      await target.writeFile(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  } finally {
    await target.close();
  }
}
