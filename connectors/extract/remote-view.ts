import type { AttachedTable } from '../contract.ts';
import { isSafeTable } from './config.ts';
import type { ExtractDatabase } from './extract-protocol.ts';

const name = `("(?:[^"]|"")+"|\\w+)`;
const remoteView = new RegExp(
  `^CREATE VIEW (?:main\\.)?"?\\w+"? AS SELECT \\* FROM ${name}\\.${name}(?:\\.${name})?;?\\s*$`,
  'is',
);

/** Whether the text of a view names this alias as a catalog. */
export function readsFrom(sql: string, alias: string): boolean {
  const plain = alias.replaceAll(/[^A-Za-z0-9_]/g, '');
  return plain !== '' && new RegExp(`(^|[^\\w."])"?${plain}"?\\.`, 'i').test(sql);
}

/**
 * The table of another system that a view is: `SELECT *` over `alias.schema.table` or `alias.table`, its alias listed once in
 * `_remote_attach`. Throws a sentence, about this table alone, when it is anything else.
 */
export function planRemote(
  remotes: ExtractDatabase['remotes'],
  { table, sql }: { table: string; sql: string | null },
): AttachedTable {
  if (sql === null) {
    throw new Error(`The extract lists ${table} as remote, but has no view that says what it reads; extract it again.`);
  }
  const [catalog, first, second] = (remoteView.exec(sql) ?? []).slice(1).map(unquote);
  if (!catalog || !first) {
    throw new Error(
      `The view ${table} computes over a remote system; only SELECT * over one of its tables is supported.`,
    );
  }
  const found = remotes.filter(({ alias }) => isSafeTable(alias) && alias.toLowerCase() === catalog.toLowerCase());
  const [system] = found;
  if (!system)
    throw new Error(`The view ${table} reads ${catalog}, which _remote_attach does not list; extract it again.`);
  if (found.length > 1) throw new Error(`_remote_attach lists ${catalog} more than once; leave one row.`);
  const { extension: type, url, tokenEnv } = system;
  return { type, url, tokenEnv, ...(second ? { schema: first, table: second } : { schema: 'main', table: first }) };
}

function unquote(part: string | undefined): string | undefined {
  return part?.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}
