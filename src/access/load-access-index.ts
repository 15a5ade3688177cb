import type { Store } from '../store/store.ts';
import { readAccessUsers } from '../people/read-users.ts';
import type { AccessChange } from './access-change.ts';
import { AccessIndex } from './access-index.ts';
import { selectRoleGrants } from './role-grant.store.ts';
import { selectRoles } from './role.store.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly accessIndex: AccessIndex;
  }
}

const kinds: ReadonlySet<string> = new Set<AccessChange['kind']>(['user', 'role', 'roleGrant']);

/** Fills the access index from the store and keeps it equal to what is committed from then on. */
export async function loadAccessIndex(store: Store): Promise<AccessIndex> {
  const index = new AccessIndex();
  const { db } = store;
  index.replaceAll({
    users: await readAccessUsers(store),
    roles: await selectRoles(db),
    roleGrants: await selectRoleGrants(db),
  });
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (kinds.has(topic)) index.apply(readChange(topic, payload as StoredChange));
    }
  });
  return index;
}

interface StoredChange {
  op: 'put' | 'drop';
  row: Record<string, unknown>;
}

/** The change as the index takes it; the outbox holds JSON, where an instant is text. */
function readChange(kind: string, { op, row }: StoredChange): AccessChange {
  const dated = kind === 'roleGrant' ? { ...row, grantedAt: new Date(row['grantedAt'] as string) } : row;
  return { kind, op, row: dated } as unknown as AccessChange;
}
