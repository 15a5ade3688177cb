import { chmod, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteIdentifier } from '../../engine/identifier.ts';
import { parquetRelation } from '../../engine/parquet.ts';
import { failed } from '../failure.ts';
import type { HeldTable } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { filePath } from './plan.ts';

/**
 * Makes the next `agnes.duckdb`, with one view for each table, by its SQL name and its alias, durable and beside its place;
 * resolves to where. Moving it there publishes all views at once.
 */
export async function draftViews(workspace: Workspace, tables: readonly HeldTable[]): Promise<string> {
  const draft = join(placesIn(workspace.folder).memory, 'agnes.duckdb.new');
  await rm(draft, { force: true });
  await rm(`${draft}.wal`, { force: true });
  const statements = tables.flatMap((table) => viewsOf(workspace, table));
  await fill(draft, statements).catch((error: Error) => {
    throw failed(`agnes.duckdb cannot be written: ${error.message}`);
  });
  const file = await open(draft, 'r+');
  await file.sync();
  await file.close();
  await chmod(draft, 0o444);
  return draft;
}

async function fill(path: string, statements: readonly string[]): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(path);
  try {
    const connection = await instance.connect();
    try {
      for (const sql of statements) await connection.run(sql);
      await connection.run('CHECKPOINT');
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
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
