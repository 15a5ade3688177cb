import { chmod, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteIdentifier } from '../../engine/identifier.ts';
import { parquetRelation } from '../../engine/parquet.ts';
import type { HeldTable } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { moveDurably } from '../workspace/write-durably.ts';
import { filePath } from './plan.ts';

/**
 * Puts a new `agnes.duckdb` in place, with one view for each table, by its SQL name and its alias. Whoever has the old one open
 * goes on with it.
 */
export async function publishViews(workspace: Workspace, tables: readonly HeldTable[]): Promise<void> {
  const { memory, database } = placesIn(workspace.folder);
  const draft = join(memory, 'agnes.duckdb.new');
  await rm(draft, { force: true });
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(draft);
  const connection = await instance.connect();
  try {
    for (const table of tables) for (const sql of viewsOf(workspace, table)) await connection.run(sql);
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  const file = await open(draft, 'r+');
  await file.sync();
  await file.close();
  await chmod(draft, 0o444);
  await moveDurably(draft, database);
}

function viewsOf(workspace: Workspace, table: HeldTable): string[] {
  const [schema = '', name = ''] = table.sqlName.split('.');
  const rows = `SELECT * FROM ${parquetRelation(table.files.map((file) => filePath(workspace, table, file)))}`;
  const views = [
    `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`,
    `CREATE VIEW ${quoteIdentifier(schema)}.${quoteIdentifier(name)} AS ${rows}`,
  ];
  if (table.alias !== null) views.push(`CREATE VIEW main.${quoteIdentifier(table.alias)} AS ${rows}`);
  return views;
}
