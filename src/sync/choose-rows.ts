import { existsSync } from 'node:fs';
import type { Since } from '../../connectors/contract.ts';
import type { TableKind } from '../engine/extraction.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Table } from '../registry/table.ts';
import type { RunContext } from './run-context.ts';

/** Which rows one extraction of a table takes. */
interface ChosenRows {
  readonly kind: TableKind;
  /** Only these rows are wanted; without it all are. */
  readonly since?: Since;
  /** What a watermark of this extraction will stand on. */
  readonly basis: string;
}

/**
 * Only what is newer than the watermark, or all rows: when the run is a full refresh, the table has no watermark yet, a file of
 * its last good sync is gone, or something has changed that decides which rows there are.
 */
export function chooseRows({ services, run, source }: RunContext, table: Table): ChosenRows {
  const { watermarkColumn, primaryKey } = table;
  const basis = sha256(JSON.stringify([source.config, table.options, watermarkColumn, primaryKey]));
  const connector = services.connectors.named(source.connector);
  if (watermarkColumn === null || !connector.incremental) return { kind: {}, basis };
  const state = services.generations.state(table.id);
  const isUsable =
    !run.fullRefresh && state?.watermark?.basis === basis && state.files.every(({ path }) => existsSync(path));
  if (!isUsable || !state.watermark) return { kind: { watermarkColumn }, basis };
  return {
    kind: { watermarkColumn, increment: { files: state.files, primaryKey, watermarkColumn } },
    since: { column: watermarkColumn, value: state.watermark.value, orEqual: primaryKey.length > 0 },
    basis,
  };
}
