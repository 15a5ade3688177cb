import type { Source } from '../registry/source.ts';

/** A statement for a source, and what its rows are called in the statement that reads them. */
export interface RemoteOrder {
  /** An alias, or the SQL name of a table. */
  readonly name: string;
  readonly source: Source;
  readonly statement: string;
  /** What the source said beforehand it would read; null: it cannot tell; absent: it was not asked. */
  readonly bytesEstimated?: string | null;
  /** The most bytes that may be billed, besides what the source's configuration allows. */
  readonly maxBytesBilled?: bigint;
}

/** What became of one order. Null: not known, because it did not come to its end. */
export interface RemoteBill {
  readonly name: string;
  readonly source: string;
  readonly statement: string;
  readonly rows: number | null;
  /** Of the rows as they lay here. */
  readonly sizeBytes: number | null;
  readonly bytesEstimated: string | null;
  /** Null also where the source bills nothing or does not tell. */
  readonly bytesBilled: string | null;
  readonly elapsedMs: number;
  readonly error: string | null;
}

/** What all orders of one statement may take together. */
export interface RemoteLimits {
  /** Rows of one order. */
  readonly rows: number;
  /** Bytes of all orders, as they lie on disk. */
  readonly bytes: number;
  /** Memory in which the rows of all orders are brought into their final form. */
  readonly memoryLimitMb: number;
  readonly timeoutSeconds: number;
  /** Statements that read remotely at one time, of all people and of one. */
  readonly concurrent: number;
  readonly concurrentOfOne: number;
}

export const remoteLimits: RemoteLimits = {
  rows: 500_000,
  bytes: 2 * 2 ** 30,
  memoryLimitMb: 512,
  timeoutSeconds: 300,
  concurrent: 4,
  concurrentOfOne: 2,
};
