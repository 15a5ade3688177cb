import { constants } from 'node:fs';
import { access, mkdir, rm, stat } from 'node:fs/promises';
import { agreeOnColumns } from './extraction-columns.ts';
import { convertCsv, type CsvFormat } from './extraction-csv.ts';
import type { SourceFile } from './extraction-csv-shape.ts';
import { convertJson, type JsonFormat } from './extraction-json.ts';
import { splitFolderColumns } from './extraction-folder-columns.ts';
import { convertParquet } from './extraction-parquet.ts';
import { asExtractionFailure, ExtractionError, FileChangedError, UnreadableFileError } from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import { readWatermark } from './extraction-increment.ts';
import { joinRows, type Beginning, type Joining } from './extraction-joins.ts';
import { refuseBadPartition, type StagedRows } from './extraction-partitions.ts';
import { countParquetRows, parquetColumns, type Column } from './parquet.ts';
import { isMissing, publishFile, type BeforeStep } from './publish.ts';

/** One published Parquet file: immutable, named by its content. `path` is absolute. */
export interface ExtractedFile {
  path: string;
  sha256: string;
  sizeBytes: number;
  rows: number;
  /** The partition whose rows it holds, in a table that has partitions. */
  partition?: string;
}

/** What one table's extraction published, with the sums over its files. */
export interface ExtractedTable {
  name: string;
  files: ExtractedFile[];
  columns: Column[];
  rows: number;
  sizeBytes: number;
  /** How far the rows reach in the column that was asked about; null when none was, or it holds no value. */
  watermark: string | null;
}

type SourceFiles = SourceFile | readonly SourceFile[];

/** Where a connector puts rows: the shape of `RowSink` in the connectors' contract. Each call with files adds one Parquet file. */
interface Rows {
  csv(files: SourceFiles, format: CsvFormat): Promise<void>;
  json(files: SourceFiles, format: JsonFormat): Promise<void>;
  parquet(files: SourceFiles): Promise<void>;
  scratchFolder(): Promise<string>;
}

/** Where a connector puts a table: the shape of `TableSink` in the connectors' contract. */
export interface ExtractionSink extends Rows {
  partition(name: string): Rows;
  dropPartition(name: string): Promise<void>;
}

/** One table on its way to disk. Nothing of it is visible before `finish`. */
export interface TableExtraction {
  readonly sink: ExtractionSink;
  /** Checks what was written, joins it with what is held, publishes it durably and tells what is there now. */
  finish(joining?: Joining): Promise<ExtractedTable>;
  /** Forgets what was written. */
  abandon(): Promise<void>;
}

/** How a table is begun; without more, what is written takes the place of all that it holds. */
export interface TableKind extends Beginning {
  /** Whose greatest value `finish` is to tell. */
  watermarkColumn?: string;
}

interface TableOptions extends TableKind {
  name: string;
  /** Staged files are named after it, with a number and `.parquet`; the scratch folder likewise. */
  stagedPrefix: string;
  /** Where published files go. */
  folder: string;
  session: Session;
  beforeStep: BeforeStep;
}

type Convert = (source: ReadySource) => Promise<number>;

interface ReadySource {
  files: readonly SourceFile[];
  target: string;
}

/** Begins one table. After a sink call failed, `finish` refuses: a table is whole or not there. */
export function openTable(options: TableOptions): TableExtraction {
  const { session, beforeStep } = options;
  const staged: StagedRows[] = [];
  const named = new Set<string>();
  const scratch = `${options.stagedPrefix}-scratch`;
  let broken = false;

  async function stage(into: { partition?: string }, given: SourceFiles, convert: Convert): Promise<void> {
    try {
      const files = 'path' in given ? [given] : given;
      const target = `${options.stagedPrefix}-${staged.length + 1}.parquet`;
      const before = await fingerprints(files);
      await beforeStep('write file');
      const rows = await convert({ files, target });
      const after = await fingerprints(files);
      const changed = files.find((_, index) => after[index] !== before[index]);
      if (changed) throw new FileChangedError(changed.name);
      staged.push({ path: target, name: files[0]?.name ?? options.name, rows, ...into });
    } catch (error) {
      broken = true;
      throw failureOf(session, error);
    }
  }

  function rowsInto(into: { partition?: string }): Rows {
    return {
      csv: (files, format) =>
        stage(into, files, async (source) =>
          convertCsv(session, { ...source, ...(await splitFolderColumns(session, source.files, format)) }),
        ),
      json: (files, format) =>
        stage(into, files, async (source) =>
          convertJson(session, { ...source, ...(await splitFolderColumns(session, source.files, format)) }),
        ),
      parquet: (files) =>
        stage(into, files, async (source) =>
          convertParquet(session, { ...source, ...(await splitFolderColumns(session, source.files, {})) }),
        ),
      async scratchFolder() {
        await mkdir(scratch, { recursive: true });
        return scratch;
      },
    };
  }

  function namePartition(partition: string): { partition: string } {
    refuseBadPartition(partition);
    named.add(partition);
    return { partition };
  }

  return {
    sink: {
      ...rowsInto({}),
      partition: (name) => rowsInto(namePartition(name)),
      async dropPartition(name) {
        namePartition(name);
      },
    },
    async finish(joining = {}) {
      try {
        if (broken) throw new Error(`table ${options.name} is incomplete`);
        return await publishTable(options, { staged, named, joining });
      } catch (error) {
        throw failureOf(session, error);
      }
    },
    async abandon() {
      broken = true;
      for (const { path } of staged.splice(0)) await rm(path, { force: true });
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

interface Outcome {
  staged: readonly StagedRows[];
  named: ReadonlySet<string>;
  joining: Joining;
}

async function publishTable(options: TableOptions, { staged, named, joining }: Outcome): Promise<ExtractedTable> {
  const { name, folder, session, beforeStep, watermarkColumn } = options;
  await beforeStep('check file');
  if (staged.length > 0) await checkStaged(session, staged);
  const target = `${options.stagedPrefix}-merged.parquet`;
  const merged = await joinRows(session, { table: name, beginning: options, staged, named, target }, joining);
  const all = [...merged.kept, ...merged.staged];
  if (all.length === 0) throw new UnreadableFileError(`The source delivered no file for the table ${name}.`);
  const columns = await parquetColumns(
    session,
    all.map(({ path }) => path),
  );
  const watermark =
    watermarkColumn === undefined
      ? null
      : await readWatermark(session, { files: all, columns, column: watermarkColumn });
  const files: ExtractedFile[] = [...merged.kept];
  for (const { path, rows, partition } of merged.staged) {
    session.signal.throwIfAborted();
    const file = await publishFile({ staged: path, folder, beforeStep });
    // What was added once is not added again: of a connector that delivers twice, one file counts.
    if (partition !== undefined) files.push({ ...file, rows, partition });
    else if (!merged.kept.some((held) => held.path === file.path)) files.push({ ...file, rows });
  }
  files.sort(byPartition);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    name,
    files,
    columns,
    rows: sum(files.map(({ rows }) => rows)),
    sizeBytes: sum(files.map(({ sizeBytes }) => sizeBytes)),
    watermark,
  };
}

/** Equal partitions are listed equally, whichever of them came last. */
function byPartition(one: ExtractedFile, other: ExtractedFile): number {
  return (one.partition ?? '') < (other.partition ?? '') ? -1 : Number(one.partition !== other.partition);
}

/** Refuses files that do not fit together. */
async function checkStaged(session: Session, staged: readonly StagedRows[]): Promise<void> {
  const files: { name: string; columns: Column[] }[] = [];
  for (const { path, name, rows, partition } of staged) {
    const found = await countParquetRows(session, path);
    if (found !== rows) throw new ExtractionError(`${path}: ${rows} rows were written, ${found} can be read`);
    // A partition without rows is not published, and its columns are of no known type.
    if (partition !== undefined && rows === 0) continue;
    files.push({ name, columns: await parquetColumns(session, [path]) });
  }
  agreeOnColumns(files);
}

async function fingerprints(files: readonly SourceFile[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) found.push(await fingerprint(file));
  return found;
}

/** Changes whenever the file is written. */
async function fingerprint(file: SourceFile): Promise<string> {
  try {
    await access(file.path, constants.R_OK);
    const { ino, size, mtimeMs } = await stat(file.path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (isMissing(error)) throw new UnreadableFileError(`${file.name} is not there any more.`);
    throw new UnreadableFileError(`${file.name} cannot be read; give the server the right to read it.`, String(error));
  }
}

function failureOf(session: Session, error: unknown): unknown {
  return session.signal.aborted ? session.signal.reason : asExtractionFailure(error);
}
