import { lstatSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral } from './identifier.ts';
import { attachedCatalog, type Attachment, type ExtensionPlan } from './remote-attachment.ts';

/** One system could not be attached; `message` is for the log and holds no secret. */
export class AttachError extends Error {
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

/** Settings with which an instance for `attachments` has to be made, besides those of any other. */
export function attachingSettings(attachments: readonly Attachment[]): Record<string, string> {
  if (attachments.length === 0) return {};
  const extensions = attachments.flatMap(({ extension }) => extension ?? []);
  const [first] = extensions;
  return {
    allow_persistent_secrets: 'false',
    ...(first && { extension_directory: first.folder }),
    ...(extensions.some(({ unsigned }) => unsigned) && { allow_unsigned_extensions: 'true' }),
  };
}

/** The files that an instance for `attachments` may open. */
export function attachedPaths(attachments: readonly Attachment[]): string[] {
  return attachments.flatMap(({ file }) => (file === null ? [] : [file, walOf(file)]));
}

/** Attaches each; throws an `AttachError`. To be called before the instance is locked. */
export async function attachRemotes(connection: DuckDBConnection, attachments: readonly Attachment[]): Promise<void> {
  for (const { key, extension, file, statements, secrets } of attachments) {
    try {
      if (file !== null) refuseOtherFile(file);
      if (extension) await loadExtension(connection, extension);
      for (const statement of statements) await connection.run(statement);
    } catch (error) {
      throw new AttachError(key, withoutSecrets(error instanceof Error ? error.message : String(error), secrets));
    }
  }
}

/** `text` with every secret taken out. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((kept, secret) => kept.replaceAll(secret, '…'), text);
}

/** The table as SQL. */
export function attachedRelation({ key, schema, table }: { key: string; schema: string; table: string }): string {
  return [attachedCatalog(key), schema, table].map(quoteIdentifier).join('.');
}

/**
 * Rejects unless this is a table: a view in a foreign file could read whatever else stands in the instance, and may be read only
 * where its system evaluates it.
 */
export async function refuseView(
  connection: DuckDBConnection,
  { key, schema, table }: { key: string; schema: string; table: string },
): Promise<void> {
  const conditions = [
    `database_name = ${quoteLiteral(attachedCatalog(key))}`,
    `schema_name = ${quoteLiteral(schema)}`,
    `lower(table_name) = lower(${quoteLiteral(table)})`,
  ];
  const found = await connection.runAndReadAll(`SELECT 1 FROM duckdb_tables() WHERE ${conditions.join(' AND ')}`);
  if (found.currentRowCount === 0) throw new Error(`the attached file has no table ${schema}.${table}`);
}

async function loadExtension(connection: DuckDBConnection, plan: ExtensionPlan): Promise<void> {
  // DuckDB installs nothing without one, and a process without environment has none.
  await connection.run(`SET home_directory = ${quoteLiteral(plan.folder)}`);
  const name = quoteIdentifier(plan.name);
  const missing = await connection.run(`LOAD ${name}`).then(
    () => null,
    (error: unknown) => error,
  );
  if (missing === null) return;
  if (plan.installFrom === null) throw missing;
  const from = 'publisher' in plan.installFrom ? plan.installFrom.publisher : quoteLiteral(plan.installFrom.repository);
  await connection.run(`INSTALL ${name} FROM ${from}`);
  await connection.run(`LOAD ${name}`);
}

/** The path was resolved elsewhere: what lies there by now must still be that file, and no link to another. */
function refuseOtherFile(path: string): void {
  if (!lstatSync(path).isFile()) throw new Error('the file to attach is a link, or no file');
  const wal = lstatSync(walOf(path), { throwIfNoEntry: false });
  if (wal && !wal.isFile()) throw new Error('the log beside the file to attach is a link, or no file');
}

function walOf(path: string): string {
  return `${path}.wal`;
}
