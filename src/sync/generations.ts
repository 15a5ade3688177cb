import type { Catalog } from '../engine/statement-pool.ts';
import { sha256 } from '../kernel/ids.ts';
import type { RegistryIndex } from '../registry/registry-index.ts';
import type { ReadableSet } from '../sharing/readable-set.ts';
import type { KeptTableState } from './table-state.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly generations: Generations;
  }
}

/**
 * The current generation: what every table holds now. A catalog is an immutable part of one generation; a statement
 * keeps the one it began with, so a rebuild never disturbs a reader. Equal contents have equal keys, so a sync that
 * touches none of a person's tables leaves that person's prepared views in use.
 */
export class Generations {
  readonly #registry: RegistryIndex;
  readonly #states = new Map<string, KeptTableState>();
  readonly #catalogs = new Map<string, Catalog>();
  #current: string | null = null;
  #shown: ReadonlyMap<string, KeptTableState> | null = null;

  constructor(registry: RegistryIndex) {
    this.#registry = registry;
  }

  /** Puts one table's state; the next catalog has it. */
  apply(state: KeptTableState): void {
    this.#states.set(state.tableId, state);
    this.#shown = null;
    this.tablesChanged();
  }

  /** Drops a table's state; the next catalog is without it. */
  drop(tableId: string): void {
    this.#states.delete(tableId);
    this.#shown = null;
    this.tablesChanged();
  }

  /** Forgets catalogs, because names or tables changed. */
  tablesChanged(): void {
    this.#catalogs.clear();
    this.#current = null;
  }

  /** What this table holds, or null before its first sync has ended. */
  state(tableId: string): KeptTableState | null {
    return this.#states.get(tableId) ?? null;
  }

  /** What every table holds now, by id; what is handed out does not change any more. */
  states(): ReadonlyMap<string, KeptTableState> {
    return (this.#shown ??= new Map(this.#states));
  }

  /** The views of the tables in `readable` that hold data, or whose columns are known and whose rows are at their source. */
  catalogFor(readable: ReadableSet): Catalog {
    const known = this.#catalogs.get(readable.key);
    if (known) return known;
    const catalog = this.#makeCatalog(readable.ids);
    this.#catalogs.set(readable.key, catalog);
    return catalog;
  }

  /** The content id of the whole generation. */
  current(): string {
    return (this.#current ??= this.#makeCatalog(this.#registry.tables().map((table) => table.id)).key);
  }

  /** Absolute paths of every file in use. */
  files(): Set<string> {
    return new Set([...this.#states.values()].flatMap((state) => state.files.map((file) => file.path)));
  }

  #makeCatalog(tableIds: readonly string[]): Catalog {
    const tables = tableIds.flatMap((id) => {
      const table = this.#registry.table(id);
      const { files = [], remote = null, columns = [] } = this.#states.get(id) ?? {};
      if (!table) return [];
      const { sqlName, alias } = table;
      const typed = columns.map((column) => ({ name: column.name, type: column.type }));
      if (remote)
        return [{ sqlName, alias, files: [], remote: { ...remote, revision: sha256(JSON.stringify(typed)) } }];
      if (files.length > 0) return [{ sqlName, alias, files: files.map((file) => file.path) }];
      return table.queryMode === 'remote' && typed.length > 0 ? [{ sqlName, alias, files: [], columns: typed }] : [];
    });
    return { key: sha256(JSON.stringify(tables)), tables };
  }
}
