import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { BackupUnreadableError } from './errors.ts';
import type { CopiedRow, TablePage } from './tables.ts';

/** The first line of a backup. */
export interface BackupHeader {
  readonly backup: 1;
  /** The version of Agnes that wrote it. */
  readonly version: string;
  readonly schemaVersion: number;
  /** RFC 3339. */
  readonly takenAt: string;
}

/** A file below `DATA_DIR` that a backup names and does not hold. */
export interface NamedFile {
  /** Relative to `DATA_DIR`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** A file or folder below `DATA_DIR` that could not be read when the backup was taken. */
export interface UnreadablePath {
  /** Relative to `DATA_DIR`. */
  readonly path: string;
  /** The code of the system's refusal, such as `EACCES`. */
  readonly reason: string;
}

/** A line of a backup that tells of what is below `DATA_DIR`. */
export type FileLine = { readonly file: NamedFile } | { readonly unreadable: UnreadablePath };

/** The last line of a backup; `sha256` is that of all lines before, in hex. */
export interface BackupEnd {
  readonly rows: number;
  readonly files: number;
  readonly sha256: string;
}

/** What a backup is made of. */
export interface BackupContent {
  readonly header: BackupHeader;
  readonly pages: AsyncIterable<TablePage>;
  readonly files: AsyncIterable<FileLine>;
}

/**
 * The lines of a backup, each a JSON object: the header, each row, each file or what could not be read, and an end by which a part of
 * it is told from the whole.
 */
export async function* backupLines({ header, pages, files }: BackupContent): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const counts = { rows: 0, files: 0 };
  const piece = (lines: unknown[]): string => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    hash.update(text);
    return text;
  };
  yield piece([header]);
  for await (const { table, rows } of pages) {
    counts.rows += rows.length;
    yield piece(rows.map((row) => ({ table, row })));
  }
  for await (const line of files) {
    if ('file' in line) counts.files += 1;
    yield piece([line]);
  }
  yield `${JSON.stringify({ end: { ...counts, sha256: hash.digest('hex') } satisfies BackupEnd })}\n`;
}

/** What a backup tells besides its rows. */
export interface BackupSummary {
  readonly header: BackupHeader;
  readonly files: readonly NamedFile[];
  readonly unreadable: readonly UnreadablePath[];
}

/** Reads a backup to its end; throws a `BackupUnreadableError` when it is not whole. */
export async function inspectBackup(path: string): Promise<BackupSummary> {
  const hash = createHash('sha256');
  const files: NamedFile[] = [];
  const unreadable: UnreadablePath[] = [];
  let header: BackupHeader | undefined;
  let end: BackupEnd | undefined;
  for await (const line of linesOf(path)) {
    const read = parse(path, line);
    if (end) throw notWhole(path);
    if (!header) header = read as BackupHeader;
    if (header.backup !== 1) throw new BackupUnreadableError(`${path} is no backup of Agnes that this version reads.`);
    if ('file' in read) files.push(read.file as NamedFile);
    if ('unreadable' in read) unreadable.push(read.unreadable as UnreadablePath);
    if ('end' in read) end = read.end as BackupEnd;
    else hash.update(`${line}\n`);
  }
  if (!header || end?.sha256 !== hash.digest('hex')) throw notWhole(path);
  return { header, files, unreadable };
}

/** The rows of a backup, in pages. */
export async function* readBackup(path: string): AsyncGenerator<TablePage> {
  let page: { table: string; rows: CopiedRow[] } | undefined;
  for await (const line of linesOf(path)) {
    const read = parse(path, line) as { table?: string; row?: CopiedRow };
    if (!read.table || !read.row) continue;
    if (page && (page.table !== read.table || page.rows.length === rowsPerPage)) {
      yield page;
      page = undefined;
    }
    page ??= { table: read.table, rows: [] };
    page.rows.push(read.row);
  }
  if (page) yield page;
}

const rowsPerPage = 1_000;

/** Lines end with LF alone: other marks, such as U+2028, may stand inside a value. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  const file = createReadStream(path).on('error', (error) => gunzip.destroy(error));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const piece of file.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  } catch (error) {
    throw new BackupUnreadableError(`${path} cannot be read as a backup (${(error as Error).message}).`, error);
  } finally {
    file.destroy();
  }
  if (rest !== '') throw notWhole(path);
}

function parse(path: string, line: string): object {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read === 'object' && read !== null) return read;
  } catch {
    // Said below.
  }
  throw notWhole(path);
}

function notWhole(path: string): BackupUnreadableError {
  return new BackupUnreadableError(`${path} is not a whole backup: take it again.`);
}
