import type { ExportFormat } from '../engine/statement-export.ts';

/** Queued until one of the few places is free; only a succeeded export has a file. */
export type ExportState = 'queued' | 'running' | 'succeeded' | 'failed';

/** The whole result of one statement as a file, which belongs to who asked for it. */
export interface Export {
  readonly id: string;
  readonly userId: string;
  readonly statement: string;
  readonly format: ExportFormat;
  readonly state: ExportState;
  /** Every table that was read; who may no longer read one of them may no longer have the file. */
  readonly tableIds: readonly string[];
  readonly rows: number | null;
  readonly sizeBytes: number | null;
  /** Of the file, in hex. */
  readonly sha256: string | null;
  /** Why it failed, one sentence for its owner. */
  readonly error: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  /** From then on there is no file, and soon no row. */
  readonly expiresAt: Date;
}

/** Topic of the outbox: an export was queued (`put`), or its row is gone and its file must go (`drop`). */
export const exportTopic = 'export';

/** An event of `exportTopic`. */
export interface ExportEvent {
  readonly op: 'put' | 'drop';
  readonly row: { readonly id: string };
}

/** How the file of each format ends, and its media type. */
export const fileKinds: Readonly<Record<ExportFormat, { readonly extension: string; readonly mediaType: string }>> = {
  parquet: { extension: 'parquet', mediaType: 'application/vnd.apache.parquet' },
  csv: { extension: 'csv', mediaType: 'text/csv; charset=utf-8; header=present' },
  ndjson: { extension: 'ndjson', mediaType: 'application/x-ndjson; charset=utf-8' },
};

/** How long a file is kept from when it was asked for. */
export const keptHours = 24;

/** How many of one person may be queued or running. */
export const openPerPerson = 2;
