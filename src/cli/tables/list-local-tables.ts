import { quotePaths } from '../../engine/identifier.ts';
import { filePath } from '../laptop/plan.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { readState } from '../workspace/state.ts';
import { findWorkspace } from '../workspace/workspace.ts';

const columns = [
  { name: 'sql_name', type: 'VARCHAR' },
  { name: 'alias', type: 'VARCHAR' },
  { name: 'rows', type: 'BIGINT' },
  { name: 'size_bytes', type: 'BIGINT' },
  { name: 'synced_at', type: 'VARCHAR' },
];

/** Prints the tables that the workspace holds, without asking the server. */
export async function listLocalTables(options: FormatOptions & { search?: string }): Promise<void> {
  const workspace = await findWorkspace();
  const { tables, syncedAt } = await readState(workspace);
  const search = options.search?.toLowerCase() ?? '';
  const found = tables.filter(({ sqlName, alias }) => `${sqlName} ${alias ?? ''}`.toLowerCase().includes(search));
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows: unknown[][] = [];
    for (const table of found) {
      const paths = quotePaths(table.files.map((file) => filePath(workspace, table, file)));
      const footers = `SELECT coalesce(sum(num_rows), 0)::VARCHAR FROM parquet_file_metadata(${paths})`;
      // A table whose files are not whole has no count; `da doctor` says so.
      const reader = await connection.runAndReadAll(footers).catch(() => null);
      const sizeBytes = table.files.reduce((sum, file) => sum + file.sizeBytes, 0);
      rows.push([table.sqlName, table.alias, reader?.getRows()[0]?.[0] ?? null, String(sizeBytes), syncedAt]);
    }
    printList({ columns, rows }, options);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
