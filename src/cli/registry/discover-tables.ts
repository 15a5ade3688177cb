import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';
import { offeredTables } from './offered-tables.ts';

const columns = ['name', 'registered_as', 'options', 'description'].map((name) => ({ name, type: 'VARCHAR' }));

/** Prints what a source offers, and which tables read it already. */
export async function discoverTables(source: string, options: GlobalOptions & FormatOptions): Promise<void> {
  const offered = await offeredTables(await openConnection(options), source);
  const rows = offered.map(({ name, description, options: tableOptions, registered }) => [
    name,
    registered.map(({ sqlName }) => sqlName).join(', ') || null,
    tableOptions,
    description,
  ]);
  printList({ columns, rows }, options);
}
