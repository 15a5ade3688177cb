import { constants } from 'node:fs';
import { access, rm, stat } from 'node:fs/promises';
import { convertCsv, type CsvFormat } from './extraction-csv.ts';
import type { SourceFile } from './extraction-csv-shape.ts';
import {
  asExtractionFailure,
  ExtractionError,
  FileChangedError,
  resourceFailure,
  UnreadableFileError,
} from './extraction-errors.ts';
import type { Session } from './extraction-session.ts';
import { mergeIncrement, readWatermark, type Increment } from './extraction-increment.ts';
import { quotePath } from './identifier.ts';
import { countParquetRows, parquetColumns, writeParquet, type Column } from './parquet.ts';
import { isMissing, publishFile, type BeforeStep } from './publish.ts';

/** One published Parquet file: immutable, named by its content. `path` is absolute. */
export interface ExtractedFile {
  path: string;
  sha256: string;
  sizeBytes: number;
  rows: number;
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

/** Where a connector puts rows: the shape of `TableSink` in the connectors' contract. Each call adds one file. */
export interface ExtractionSink {
  csv(file: SourceFile, format: CsvFormat): Promise<void>;
  parquet(file: SourceFile): Promise<void>;
}

/** One table on its way to disk. Nothing of it is visible before `finish`. */
export interface TableExtraction {
  readonly sink: ExtractionSink;
  /** Checks what was written, publishes it durably and tells what is there now. */
  finish(): Promise<ExtractedTable>;
  /** Forgets what was written. */
  abandon(): Promise<void>;
}

/** How a table is begun; without `increment` what is written takes the place of all that it holds. */
export interface TableKind {
  increment?: Increment;
  /** Whose greatest value `finish` is to tell. */
  watermarkColumn?: string;
}

interface TableOptions extends TableKind {
  name: string;
  /** Staged files are named after it, with a number and `.parquet`. */
  stagedPrefix: string;
  /** Where published files go. */
  folder: string;
  session: Session;
  beforeStep: BeforeStep;
}

interface StagedFile {
  path: string;
  rows: number;
}

/** Begins one table. After a sink call failed, `finish` refuses: a table is whole or not there. */
export function openTable(options: TableOptions): TableExtraction {
  const { session, beforeStep } = options;
  const staged: StagedFile[] = [];
  let broken = false;

  async function stage(file: SourceFile, convert: (target: string) => Promise<number>): Promise<void> {
    try {
      const path = `${options.stagedPrefix}-${staged.length + 1}.parquet`;
      const before = await fingerprint(file);
      await beforeStep('write file');
      const rows = await convert(path);
      if ((await fingerprint(file)) !== before) throw new FileChangedError(file.name);
      staged.push({ path, rows });
    } catch (error) {
      broken = true;
      throw failureOf(session, error);
    }
  }

  return {
    sink: {
      csv: (file, format) => stage(file, (target) => convertCsv(session, { file, format, target })),
      parquet: (file) => stage(file, (target) => convertParquet(session, file, target)),
    },
    async finish() {
      try {
        if (broken) throw new Error(`table ${options.name} is incomplete`);
        return await publishTable(options, staged);
      } catch (error) {
        throw failureOf(session, error);
      }
    },
    async abandon() {
      broken = true;
      for (const { path } of staged.splice(0)) await rm(path, { force: true });
    },
  };
}

async function publishTable(options: TableOptions, staged: readonly StagedFile[]): Promise<ExtractedTable> {
  const { name, folder, session, beforeStep, increment, watermarkColumn } = options;
  if (staged.length === 0 && !increment)
    throw new UnreadableFileError(`The source delivered no file for the table ${name}.`);
  await beforeStep('check file');
  if (staged.length > 0) await checkStaged(session, staged);
  const target = `${options.stagedPrefix}-merged.parquet`;
  const merged = increment
    ? await mergeIncrement(session, { increment, staged, target })
    : { kept: [], staged: [...staged] };
  const files: ExtractedFile[] = [...merged.kept];
  for (const { path, rows } of merged.staged) {
    session.signal.throwIfAborted();
    const file = await publishFile({ staged: path, folder, beforeStep });
    // What was added once is not added again: of a connector that delivers twice, one file counts.
    if (!merged.kept.some((held) => held.path === file.path)) files.push({ ...file, rows });
  }
  const columns = await parquetColumns(
    session,
    files.map(({ path }) => path),
  );
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    name,
    files,
    columns,
    rows: sum(files.map(({ rows }) => rows)),
    sizeBytes: sum(files.map(({ sizeBytes }) => sizeBytes)),
    watermark:
      watermarkColumn === undefined ? null : await readWatermark(session, { files, columns, column: watermarkColumn }),
  };
}

async function checkStaged(session: Session, staged: readonly StagedFile[]): Promise<void> {
  for (const { path, rows } of staged) {
    const found = await countParquetRows(session, path);
    if (found !== rows) throw new ExtractionError(`${path}: ${rows} rows were written, ${found} can be read`);
  }
  const paths = staged.map(({ path }) => path);
  try {
    await parquetColumns(session, paths);
  } catch (error) {
    session.signal.throwIfAborted();
    if (resourceFailure(error) || paths.length === 1) throw error;
    throw new UnreadableFileError(
      'The files of the table do not fit together; columns of one name need one type.',
      String(error),
    );
  }
}

async function convertParquet(session: Session, file: SourceFile, target: string): Promise<number> {
  try {
    const relation = `read_parquet(${quotePath(file.path)}, hive_partitioning = false)`;
    return await writeParquet(session, `SELECT * FROM ${relation}`, target);
  } catch (error) {
    session.signal.throwIfAborted();
    if (resourceFailure(error)) throw error;
    throw new UnreadableFileError(`${file.name} is not a readable Parquet file; write it again.`, String(error));
  }
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
