import type { Column } from './rows.ts';

/** Turns rows into text one at a time, so that a result never has to be held as a whole. */
export interface RowWriter {
  readonly head: string;
  row(values: readonly unknown[]): string;
  /** What stands behind the last row. */
  end(): string;
}

/** Makes the writer of one result. */
export type MakeRowWriter = (columns: readonly Column[]) => RowWriter;
