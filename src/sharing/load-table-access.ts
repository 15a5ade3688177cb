import type { AccessIndex } from '../access/access-index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../registry/table.ts';
import type { Store } from '../store/store.ts';
import { TableAccessIndex } from './table-access.ts';
import type { TableAccessChange, TableGrant } from './table-grant.ts';
import { selectTableGrants } from './table-grant.store.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly tableAccess: TableAccessIndex;
  }
}

const kinds: ReadonlySet<string> = new Set<TableAccessChange['kind']>(['table', 'tableGrant']);

/** Fills the index of table access and keeps it equal to what is committed from then on. */
export async function loadTableAccess(
  store: Store,
  given: { accessIndex: AccessIndex; tables: readonly Table[]; clock: Clock },
): Promise<TableAccessIndex> {
  const index = new TableAccessIndex(given.accessIndex);
  index.replaceAll({ tables: given.tables, tableGrants: await selectTableGrants(store.db) });
  index.passTime(given.clock.now());
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (kinds.has(topic)) index.apply(readChange(topic, payload as StoredChange));
    }
    index.passTime(given.clock.now());
  });
  return index;
}

interface StoredChange {
  op: 'put' | 'drop';
  row: object;
}

/** The change as the index takes it; the outbox holds JSON, where an instant is text. */
function readChange(kind: string, { op, row }: StoredChange): TableAccessChange {
  return { kind, op, row: kind === 'tableGrant' ? datedGrant(row as TableGrant) : row } as TableAccessChange;
}

function datedGrant(row: TableGrant): TableGrant {
  const { grantedAt, startsAt, expiresAt } = row;
  return { ...row, grantedAt: new Date(grantedAt), startsAt: dated(startsAt), expiresAt: dated(expiresAt) };
}

function dated(instant: Date | null): Date | null {
  return instant && new Date(instant);
}
