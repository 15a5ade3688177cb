import { typeUnkeptByParquet } from '../engine/parquet-types.ts';
import type { Table } from '../registry/table.ts';
import { writeOfRun, type RunContext } from './run-context.ts';
import { updateSyncRunTable } from './sync-run.store.ts';
import type { TableState } from './table-state.ts';

/** Asks the source for the columns of a table that is read there, at no cost; its rows and its size stay unknown. */
export async function describeRemoteTable(context: RunContext, table: Table): Promise<TableState> {
  const { services, run, source, signal } = context;
  const statements = services.connectors.statementsOf(source.connector);
  if (!statements?.tableStatement)
    throw new Error(`The connector ${source.connector} cannot read tables at their source.`);
  const statement = statements.tableStatement(source.config, table.options, null);
  const { columns } = await statements.estimate(services.connectors.contextOf(source, signal), { statement });
  for (const { name, type } of columns) {
    const unkept = typeUnkeptByParquet(type);
    if (unkept === null) continue;
    throw new Error(`The column "${name}" has the type ${unkept}, which would lose values; offer it with another one.`);
  }
  const lastSyncAt = services.clock.now();
  await writeOfRun(context, (tx) =>
    updateSyncRunTable(tx, { runId: run.id, tableId: table.id }, { state: 'succeeded', finishedAt: tx.at }),
  );
  const unknown = { rows: null, sizeBytes: null, files: [], remote: null, watermark: null, cursor: null, error: null };
  return { ...unknown, tableId: table.id, status: 'ok', lastSyncAt, columns };
}
