import type { Connection } from '../connection/connection.ts';
import type { HeldFile, HeldTable } from '../workspace/state.ts';
import type { BeforeStep } from './steps.ts';

/** A file to bring, and from where. */
export interface FileOrder {
  readonly connection: Connection;
  readonly table: Pick<HeldTable, 'id' | 'sqlName'>;
  readonly file: HeldFile;
  /** Where it goes once it is whole. */
  readonly path: string;
  /** Where it grows; on the same file system. What a broken-off download left there is gone on with. */
  readonly incoming: string;
  /** Files on this laptop that may hold some of the same row groups. */
  readonly relatives: readonly string[];
  /** Told how much more of the file is there. */
  readonly onBytes: (bytes: number) => void;
  /** Told how much more came over the line. */
  readonly onSent: (bytes: number) => void;
  readonly beforeStep: BeforeStep;
}
