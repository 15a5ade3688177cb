import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { findSource } from './find-source.ts';

/** Prints a source with its configuration and the SQL names of its tables. */
export async function showSource(name: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const source = await findSource(await openConnection(options), name);
  if (options.json) return printJson(source);
  const lines = [
    `${source.name} (${source.connector}, ${source.createdAt.slice(0, 10)})`,
    `config: ${JSON.stringify(source.config)}`,
    ...source.tables.map(({ sqlName }) => `table:  ${sqlName}`),
  ];
  printData(lines.map((line) => `${visible(line)}\n`).join(''));
}
