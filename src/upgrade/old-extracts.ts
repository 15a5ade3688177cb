import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Connector, ConnectorContext, TableSink } from '../../connectors/contract.ts';
import { entriesIn } from './files-beside.ts';
import { foldersIn } from './old-table-files.ts';
import { connectorOf } from './take-sources.ts';
import type { KnownTable, Upgrade } from './upgrade.ts';

/** The `extract.duckdb` of each source of the predecessor, read as the connector for such directories does. */
export class OldExtracts {
  readonly #upgrade: Pick<Upgrade, 'ledger' | 'listings' | 'settings'>;
  readonly #connector: Connector | undefined;
  readonly #listed = new Map<string, ReadonlySet<string>>();

  constructor(upgrade: Pick<Upgrade, 'ledger' | 'listings' | 'settings'>) {
    this.#upgrade = upgrade;
    this.#connector = connectorOf(upgrade.settings.connectors, 'extract');
  }

  /** The folder of the extract that lists the table: that of its source type, else the last one; null when none does. */
  async find({ oldName, sourceType }: KnownTable): Promise<string | null> {
    const names = foldersIn(this.#upgrade, this.#root);
    for (const name of [...names.filter((one) => one === sourceType), ...names.toReversed()]) {
      const folder = join(this.#root, name);
      if ((await this.#tablesOf(folder)).has(oldName.toLowerCase())) return folder;
    }
    return null;
  }

  /** Hands the rows of a table that `find` has found to `sink`; throws a sentence when they cannot be read. */
  async copy(folder: string, table: KnownTable, sink: TableSink): Promise<void> {
    const asked = { id: table.id, name: table.name, options: { table: table.oldName } };
    const answer = await this.#connector!.extract(this.#contextOf(folder), asked, sink);
    if (answer && 'remote' in answer) throw new Error('they stand in another system.');
  }

  get #root(): string {
    return join(this.#upgrade.settings.dataDir, 'extracts');
  }

  async #tablesOf(folder: string): Promise<ReadonlySet<string>> {
    const known = this.#listed.get(folder);
    if (known) return known;
    const found = new Set(await this.#list(folder));
    this.#listed.set(folder, found);
    return found;
  }

  async #list(folder: string): Promise<string[]> {
    const isThere = entriesIn(folder, this.#upgrade.ledger).some(({ name }) => name === 'extract.duckdb');
    if (!this.#connector || !isThere) return [];
    try {
      return (await this.#connector.discover(this.#contextOf(folder))).map(({ name }) => name);
    } catch (error) {
      this.#upgrade.ledger.warn(`${join(folder, 'extract.duckdb')} cannot be read: ${(error as Error).message}`);
      return [];
    }
  }

  #contextOf(folder: string): ConnectorContext<unknown> {
    const roots = [this.#root, realpathSync(folder)].join(delimiter);
    return {
      config: { folder },
      readEnv: (name) => (name === 'FILES_ALLOWED_ROOTS' ? roots : undefined),
      signal: new AbortController().signal,
      pause: () => Promise.resolve(),
    };
  }
}
