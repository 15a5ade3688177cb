import { mkdir } from 'node:fs/promises';
import { Failure } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Column } from './parquet.ts';
import { planAttachment, type RemoteSettings } from './remote-attachment.ts';
import { remoteTypeOf, type RemoteTable } from './remote-type.ts';
import { RemoteUnavailableError } from './statement-errors.ts';
import { StatementProcess } from './statement-process.ts';

const memoryLimitMb = 1024;

/** A system is allowed and does not answer as it should; the sentence is for administrators. */
export class RemoteUnreachableError extends Failure {
  readonly code = 'REMOTE_UNREACHABLE';
}

/** Asks other systems for the columns of their tables, in a process of its own that starts with the first question. */
export class RemoteDescriber {
  readonly #settings: RemoteSettings;
  readonly #log: Log | undefined;
  #child: StatementProcess | undefined;

  constructor(settings: RemoteSettings, log?: Log) {
    this.#settings = { ...settings, install: true };
    this.#log = log;
  }

  /**
   * The columns as a statement would see them, after the extension has been installed where it was missing. One question at a
   * time. Throws a `RemoteRefusedError` or a `RemoteUnreachableError`.
   */
  async describe(remote: RemoteTable, given: { timeoutSeconds: number; signal: AbortSignal }): Promise<Column[]> {
    // What the operator has not allowed is refused with the reason, before anything is started.
    planAttachment(remote, this.#settings);
    await mkdir(this.#settings.extensionFolder, { recursive: true, mode: 0o700 });
    const table = { sqlName: 'remote.described', alias: null, files: [], remote: { ...remote, revision: '' } };
    const catalog = { key: sha256(JSON.stringify(table)), tables: [table] };
    const work = { kind: 'rows', limit: 1 } as const;
    try {
      const statement = 'SELECT * FROM remote.described LIMIT 0';
      return (await this.#process().run({ catalog, statement, work, ...given })).columns;
    } catch (error) {
      if (!(error instanceof RemoteUnavailableError)) throw error;
      this.#log?.warn({ detail: error.detail, type: remote.type }, 'a remote table cannot be described');
      throw new RemoteUnreachableError(sentenceFor(remote, error.detail ?? ''), error.detail);
    }
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#child?.end();
    await this.#child?.exited;
  }

  #process(): StatementProcess {
    if (this.#child?.idle) return this.#child;
    return (this.#child = new StatementProcess({ memoryLimitMb, log: this.#log, remotes: this.#settings }));
  }
}

/** Of what DuckDB and its extensions say nothing is passed on, because it may name whatever they were given. */
function sentenceFor({ type, schema, table }: RemoteTable, detail: string): string {
  const name = `${schema}.${table}`;
  const extension = remoteTypeOf(type)?.extension?.name ?? type;
  if (/Failed to (download|install local) extension|Extension ".*" not found/.test(detail)) {
    return `The extension ${extension} is not installed and cannot be fetched; see DUCKDB_EXTENSION_REPOSITORY.`;
  }
  if (/could not be loaded|signature|Failed to load/i.test(detail)) {
    return `The extension ${extension} cannot be loaded; its version and signature must fit the server's DuckDB.`;
  }
  if (/Catalog Error: .*does not exist|has no table/i.test(detail))
    return `The remote system has no table ${name}; extract again.`;
  if (/lock on file/i.test(detail)) return `The file of ${name} is open for writing in another program.`;
  return `The remote system of ${name} does not answer as it should; the log tells why.`;
}
