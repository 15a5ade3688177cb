import { contentVersion } from '../kernel/content-version.ts';
import type { Services } from '../operation/services.ts';
import type { TableState } from '../sync/table-state.ts';

/** A table that a statement read, in the state in which it read it. */
export interface TableRead {
  readonly sqlName: string;
  /** Null: its rows were read at their source. */
  readonly version: string | null;
  readonly publishedAt: Date | null;
}

/** What the tables held of which `states` were taken when the statement began. */
export function tablesRead(
  services: Services,
  given: { sqlNames: readonly string[]; states: ReadonlyMap<string, TableState> },
): TableRead[] {
  return given.sqlNames.map((sqlName) => {
    const table = services.registry.tableBySqlName(sqlName);
    const state = table && given.states.get(table.id);
    return { sqlName, ...versionOf(state ?? null) };
  });
}

/** The version of what a table holds, and since when; both null where it holds no files. */
export function versionOf(state: TableState | null): Pick<TableRead, 'version' | 'publishedAt'> {
  if (!state || state.files.length === 0) return { version: null, publishedAt: null };
  return { version: contentVersion(state.files.map(({ sha256 }) => sha256)), publishedAt: state.lastSyncAt };
}
