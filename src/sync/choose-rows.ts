import { lstatSync } from 'node:fs';
import type { Since } from '../../connectors/contract.ts';
import type { TableKind } from '../engine/extraction.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Table } from '../registry/table.ts';
import type { RunContext } from './run-context.ts';
import type { TableFile } from './table-state.ts';

/** Which rows one extraction of a table takes. */
interface ChosenRows {
  readonly kind: TableKind;
  /** Only these rows are wanted; without it all are. */
  readonly since?: Since;
  /** From where the connector goes on; without it from the beginning. */
  readonly cursor?: string;
  /** What a watermark or a cursor of this extraction will stand on. */
  readonly basis: string;
}

/**
 * Only what is newer than the watermark or comes after the cursor, or all rows: when the run is a full refresh, the table has
 * neither yet, a file of its last good sync is gone, or something has changed that decides which rows there are.
 */
export function chooseRows({ services, run, source }: RunContext, table: Table): ChosenRows {
  const { watermarkColumn, primaryKey } = table;
  const basis = sha256(JSON.stringify([source.config, table.options, watermarkColumn, primaryKey]));
  const connector = services.connectors.named(source.connector);
  const column = connector.incremental ? watermarkColumn : null;
  const kind = { primaryKey, ...(column !== null && { watermarkColumn: column }) };
  const state = services.generations.state(table.id);
  if (run.fullRefresh || !state?.files.every(isWhole)) return { kind, basis };
  const { files, watermark, cursor } = state;
  const isSince = column !== null && watermark?.basis === basis;
  const isAfter = cursor?.basis === basis;
  return {
    kind: {
      ...kind,
      ...(isSince && { increment: { files, primaryKey, watermarkColumn: column } }),
      ...(isAfter && { held: files }),
    },
    ...(isSince && { since: { column, value: watermark.value, orEqual: primaryKey.length > 0 } }),
    ...(isAfter && { cursor: cursor.value }),
    basis,
  };
}

function isWhole({ path, sizeBytes }: TableFile): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === sizeBytes;
}
