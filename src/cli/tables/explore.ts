import { quoteIdentifier } from '../../engine/identifier.ts';
import type { GlobalOptions } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { printRows } from '../output/print-rows.ts';
import type { Rows } from '../output/rows.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { askServer } from '../statement/ask-server.ts';
import { findWorkspaceOrNone, openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';

/** Runs one statement and answers its first rows. */
type Ask = (statement: string, limit: number) => Promise<Rows>;

const sampleRows = 5;
/** Types whose values have an order that means something to a person. */
const ordered = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*|FLOAT|DOUBLE|VARCHAR|UUID|DATE|TIME.*)$/;

/** Prints a table’s columns with what is in them, and a few rows; of the workspace, or by `remote` of the server. */
export async function explore(table: string, options: GlobalOptions & { remote?: true; json?: true }): Promise<void> {
  const { ask, close } = options.remote ? await remoteAsk(options) : await localAsk();
  try {
    const relation = table.split('.').map(quoteIdentifier).join('.');
    const sample = await ask(`FROM ${relation} LIMIT ${sampleRows}`, sampleRows);
    const facts = await readFacts(ask, { relation, columns: sample.columns });
    const shown = { table, rows: facts.rows, columns: facts.columns, sample };
    if (options.json) return printJson({ ...shown, sample: sample.rows });
    printData(`${visible(table)}: ${facts.rows} rows\n\n`);
    const rows = facts.columns.map(({ name, type, nulls, min, max }) => [name, type, nulls, min, max]);
    printRows({ columns: factColumns, rows: rows.map((row) => row.map(shorten)) }, {});
    printData('\n');
    printRows({ columns: sample.columns, rows: sample.rows.map((row) => row.map(shorten)) }, {});
  } finally {
    close();
  }
}

const factColumns = [
  { name: 'column', type: 'VARCHAR' },
  { name: 'type', type: 'VARCHAR' },
  { name: 'nulls', type: 'BIGINT' },
  { name: 'min', type: 'VARCHAR' },
  { name: 'max', type: 'VARCHAR' },
];

async function readFacts(ask: Ask, { relation, columns }: { relation: string; columns: Rows['columns'] }) {
  const items = columns.flatMap(({ name, type }) => {
    const column = quoteIdentifier(name);
    const [min, max] = ordered.test(type) ? [`min(${column})`, `max(${column})`] : ['NULL', 'NULL'];
    return [`count(*) - count(${column})`, min, max];
  });
  const { rows } = await ask(`SELECT count(*), ${items.join(', ')} FROM ${relation}`, 1);
  const [count, ...values] = rows[0] ?? [];
  const facts = columns.map(({ name, type }, index) => {
    const [nulls, min = null, max = null] = values.slice(index * 3, index * 3 + 3);
    return { name, type, nulls, min, max };
  });
  return { rows: String(count as string), columns: facts };
}

const longestText = 40;

function shorten(value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

async function remoteAsk(options: GlobalOptions): Promise<{ ask: Ask; close(): void }> {
  const connection = await openWorkspaceConnection(options);
  return { ask: (statement, limit) => askServer(connection, { statement, limit }), close: () => {} };
}

async function localAsk(): Promise<{ ask: Ask; close(): void }> {
  const workspace = await findWorkspaceOrNone();
  if (!workspace) {
    throw wrongUsage(
      'This folder is in no workspace; make one with `da init <server>`, or ask the server by --remote.',
    );
  }
  const { openLocalAsk } = await import('../local/local-ask.ts');
  return openLocalAsk(workspace);
}
