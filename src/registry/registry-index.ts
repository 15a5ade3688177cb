import type { Source } from './source.ts';
import type { Table } from './table.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly registry: RegistryIndex;
  }
}

/** A change of one source or table, as the outbox carries it. */
export type RegistryChange =
  | { topic: 'source'; op: 'put' | 'drop'; row: Source }
  | { topic: 'table'; op: 'put' | 'drop'; row: Table };

/** Every source and table in memory: metadata is read often, and there is little of it. */
export class RegistryIndex {
  readonly #sources = new Map<string, Source>();
  readonly #sourcesByName = new Map<string, Source>();
  readonly #tables = new Map<string, Table>();
  #tablesBySqlName: readonly Table[] | null = null;

  /** Puts or drops one source or table. */
  apply(change: RegistryChange): void {
    if (change.topic === 'source') this.#applySource(change);
    else this.#applyTable(change);
  }

  #applySource({ op, row }: Extract<RegistryChange, { topic: 'source' }>): void {
    if (op === 'put') {
      this.#sources.set(row.id, row);
      this.#sourcesByName.set(row.name, row);
    } else {
      this.#sources.delete(row.id);
      this.#sourcesByName.delete(row.name);
    }
  }

  #applyTable({ op, row }: Extract<RegistryChange, { topic: 'table' }>): void {
    if (op === 'put') this.#tables.set(row.id, row);
    else this.#tables.delete(row.id);
    this.#tablesBySqlName = null;
  }

  source(id: string): Source | null {
    return this.#sources.get(id) ?? null;
  }

  sourceByName(name: string): Source | null {
    return this.#sourcesByName.get(name) ?? null;
  }

  /** Every source, by name. */
  sources(): Source[] {
    return [...this.#sources.values()].toSorted((a, b) => compareText(a.name, b.name));
  }

  table(id: string): Table | null {
    return this.#tables.get(id) ?? null;
  }

  tableBySqlName(sqlName: string): Table | null {
    return this.tables().find((table) => table.sqlName === sqlName) ?? null;
  }

  /** Every table, by SQL name. */
  tables(): readonly Table[] {
    this.#tablesBySqlName ??= [...this.#tables.values()].toSorted((a, b) => compareText(a.sqlName, b.sqlName));
    return this.#tablesBySqlName;
  }

  /** A source's tables, by SQL name. */
  tablesOf(sourceId: string): Table[] {
    return this.tables().filter((table) => table.sourceId === sourceId);
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
