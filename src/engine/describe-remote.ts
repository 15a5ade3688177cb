import { Failure } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Column } from './parquet.ts';
import { planAttachment, type RemoteSettings } from './remote-attachment.ts';
import { remoteTypeOf, type RemoteTable } from './remote-type.ts';
import { cancelled, RemoteUnavailableError } from './statement-errors.ts';
import { StatementProcess } from './statement-process.ts';

const memoryLimitMb = 1024;

/** A system is allowed and does not answer as it should; the sentence is for administrators. */
export class RemoteUnreachableError extends Failure {
  readonly code = 'REMOTE_UNREACHABLE';
}

/**
 * The columns of a table in another system, as a statement would see them, after its extension has been installed where it was
 * missing. Runs in a process of its own. Throws a `RemoteRefusedError`
 * or a `RemoteUnreachableError`.
 */
export async function describeRemote(
  remote: RemoteTable,
  given: { settings: RemoteSettings; timeoutSeconds: number; signal: AbortSignal; log?: Log },
): Promise<Column[]> {
  const { settings, timeoutSeconds, signal, log } = given;
  // What the operator has not allowed is refused with the reason, before anything is started.
  planAttachment(remote, settings);
  const child = new StatementProcess({ memoryLimitMb, log, remotes: { ...settings, install: true } });
  const table = { sqlName: 'remote.described', alias: null, files: [], remote: { ...remote, revision: '' } };
  const catalog = { key: sha256(JSON.stringify(table)), tables: [table] };
  try {
    const work = { kind: 'rows', limit: 1 } as const;
    const statement = 'SELECT * FROM remote.described LIMIT 0';
    const { columns } = await child.run({ catalog, statement, work, timeoutSeconds, signal });
    return columns;
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (!(error instanceof RemoteUnavailableError)) throw error;
    log?.warn({ detail: error.detail, type: remote.type }, 'a remote table cannot be described');
    throw new RemoteUnreachableError(sentenceFor(remote, error.detail ?? ''), error.detail);
  } finally {
    child.end();
    await child.exited;
  }
}

/** Of what DuckDB and its extensions say nothing is passed on, because it may name whatever they were given. */
function sentenceFor({ type, schema, table }: RemoteTable, detail: string): string {
  const name = `${schema}.${table}`;
  const extension = remoteTypeOf(type)?.extension?.name ?? type;
  if (/Failed to download extension|Extension ".*" not found/.test(detail)) {
    return `The extension ${extension} is not installed and cannot be fetched; see DUCKDB_EXTENSION_REPOSITORY.`;
  }
  if (/could not be loaded|signature|Failed to load/i.test(detail)) {
    return `The extension ${extension} cannot be loaded; its version and signature must fit the server's DuckDB.`;
  }
  if (/does not exist|has no table/i.test(detail)) return `The remote system has no table ${name}; extract again.`;
  if (/lock on file/i.test(detail)) return `The file of ${name} is open for writing in another program.`;
  return `The remote system of ${name} does not answer as it should; the log tells why.`;
}
