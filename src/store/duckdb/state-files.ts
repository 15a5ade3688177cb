import { existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

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

  async discardCopy(): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** From now on the copy counts, not the file. */
  async declareReady(): Promise<void> {
    for (const name of await readdir(this.#scratch)) await flush(join(this.#scratch, name));
    await flush(this.#scratch);
    await rename(this.#scratch, this.#ready);
    await flush(dirname(this.file));
  }

  /** From now on the file counts again; it must be whole. */
  async withdrawReady(): Promise<void> {
    await this.discardCopy();
    if (!existsSync(this.#ready)) return;
    await rename(this.#ready, this.#scratch);
    await flush(dirname(this.file));
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
    await flush(dirname(this.file));
    await rm(this.#ready, { recursive: true, force: true });
  }

  /** Keeps a copy of the file in `backups/`, for good. The log must be empty. */
  async keepBackup(name: string): Promise<void> {
    const folder = join(dirname(this.file), 'backups');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await copyFile(this.file, join(folder, name));
    await flush(join(folder, name));
    await flush(folder);
  }

  /** The log with what DuckDB puts beside it while it checkpoints and replays. */
  async #removeLog(): Promise<void> {
    const folder = dirname(this.file);
    const names = await readdir(folder);
    for (const name of names) if (name.startsWith(basename(this.#log))) await rm(join(folder, name));
  }
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

/** Makes a file's bytes, or a folder's names, outlast a power cut. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
