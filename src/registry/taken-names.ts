import { ConflictError, type FieldFault } from '../kernel/errors.ts';
import type { RegistryIndex } from './registry-index.ts';
import type { Table } from './table.ts';

/** The part of a table that others must not share. */
export type NamedTable = Pick<Table, 'sourceId' | 'name' | 'sqlName' | 'alias'>;

/** The names that statements and sources use already: a table's are told apart from all of them before it is stored. */
export class TakenNames {
  readonly #namesInSources = new Set<string>();
  readonly #sqlNames = new Set<string>();
  readonly #aliases = new Set<string>();
  /** The first parts of SQL names. */
  readonly #schemas = new Set<string>();

  /** Knows every table of the registry but the one with the id `except`. */
  constructor(registry: RegistryIndex, except?: string) {
    for (const source of registry.sources()) this.#schemas.add(source.name);
    for (const table of registry.tables()) if (table.id !== except) this.add(table);
  }

  /** Takes the names of one more table in. */
  add(table: NamedTable): void {
    this.#namesInSources.add(nameInSource(table));
    this.#sqlNames.add(table.sqlName);
    this.#schemas.add(schemaOf(table));
    if (table.alias !== null) this.#aliases.add(table.alias);
  }

  /** Every name of this table that is taken; `path` names the field. */
  faultsOf(table: NamedTable): FieldFault[] {
    const { alias, sqlName } = table;
    const faults: FieldFault[] = [];
    if (this.#namesInSources.has(nameInSource(table))) {
      faults.push({ path: 'name', message: `The source has a table called ${table.name} already.` });
    }
    if (this.#sqlNames.has(sqlName)) faults.push({ path: 'sqlName', message: `The SQL name ${sqlName} is taken.` });
    if (this.#aliases.has(schemaOf(table))) {
      faults.push({
        path: 'sqlName',
        message: `${schemaOf(table)} is the alias of a table; choose another first part.`,
      });
    }
    if (alias === null) return faults;
    if (this.#aliases.has(alias)) faults.push({ path: 'alias', message: `The alias ${alias} is taken.` });
    if (this.#schemas.has(alias) || schemaOf(table) === alias) {
      faults.push({ path: 'alias', message: `${alias} is the first part of SQL names; choose another alias.` });
    }
    return faults;
  }

  /** Throws a `ConflictError` when a name of this table is taken. */
  refuse(table: NamedTable): void {
    const [fault] = this.faultsOf(table);
    if (fault) throw new ConflictError(fault.message);
  }

  /** `<base>`, or `<base>_2` and so on: a name that is free in the source, also as its default SQL name. */
  freeName(base: string, source: { id: string; name: string }): string {
    for (let count = 1; ; count += 1) {
      const suffix = count === 1 ? '' : `_${count}`;
      const name = `${base.slice(0, 64 - suffix.length)}${suffix}`;
      const sqlName = `${source.name}.${name}`;
      if (!this.#namesInSources.has(nameInSource({ sourceId: source.id, name })) && !this.#sqlNames.has(sqlName))
        return name;
    }
  }
}

function nameInSource(table: Pick<NamedTable, 'sourceId' | 'name'>): string {
  return `${table.sourceId} ${table.name}`;
}

function schemaOf(table: NamedTable): string {
  return table.sqlName.split('.')[0]!;
}
