import type { RemoteTable } from '../engine/remote-type.ts';

/** One immutable Parquet file of a table, named by its content. `path` is absolute. */
export interface TableFile {
  path: string;
  sha256: string;
  sizeBytes: number;
  rows: number;
  /** The partition whose rows it holds, in a table that has partitions. */
  partition?: string;
}

/** What a table holds now and how its last sync ended. `files` are those of the last good sync, also after a failure. */
export interface TableState {
  tableId: string;
  status: 'ok' | 'failed';
  /** When the last good sync finished. */
  lastSyncAt: Date | null;
  error: string | null;
  rows: number | null;
  sizeBytes: number | null;
  /** As of the last good sync; `description` is what the source says. */
  columns: { name: string; type: string; description?: string }[];
  files: TableFile[];
  /** Which table of which system it is; null: its rows are in `files`. As of the last good sync. */
  remote: RemoteTable | null;
  /** How far the rows reach; null: the next sync takes all rows. */
  watermark: Watermark | null;
  /** From where the connector goes on; null: it begins anew. */
  cursor: Cursor | null;
}

/** A state as it is kept. */
export interface KeptTableState extends TableState {
  /** When its files or columns last became others; `lastSyncAt` is as late or later. */
  changedAt: Date | null;
}

/** What the connector wants to be handed at the next sync: text of its own, which counts only while the `basis` is the same. */
export interface Cursor {
  value: string;
  basis: string;
}

/** The greatest value of the watermark column, as text. It counts only while the `basis` is the same. */
export interface Watermark {
  value: string;
  /** A digest of what decides which rows there are: the source's configuration and the table's options and keys. */
  basis: string;
}

/** One changed state, as the outbox carries it. */
export interface TableStateChange {
  readonly op: 'put' | 'drop';
  readonly row: Pick<TableState, 'tableId' | 'files'>;
}
