import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../store/store.ts';
import { readGroupsOfUsers } from '../people/read-external-groups.ts';
import { readAccessUsers } from '../people/read-users.ts';
import type { AccessChange } from './access-change.ts';
import { AccessIndex } from './access-index.ts';
import { selectGroupMappings } from './group-mapping.store.ts';
import { selectRoleGrants } from './role-grant.store.ts';
import { selectRoles } from './role.store.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly accessIndex: AccessIndex;
  }
}

const kinds: ReadonlySet<string> = new Set<AccessChange['kind']>([
  'user',
  'role',
  'roleGrant',
  'userGroups',
  'groupMapping',
]);

/** Fills the access index from the store and keeps it equal to what is committed from then on. */
export async function loadAccessIndex(store: Store, clock: Clock): Promise<AccessIndex> {
  const index = new AccessIndex();
  const { db } = store;
  index.replaceAll({
    users: await readAccessUsers(store),
    roles: await selectRoles(db),
    roleGrants: await selectRoleGrants(db),
    userGroups: await readGroupsOfUsers(store),
    groupMappings: await selectGroupMappings(db),
  });
  index.passTime(clock.now());
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (kinds.has(topic)) index.apply(readChange(topic, payload as StoredChange));
    }
    index.passTime(clock.now());
  });
  return index;
}

interface StoredChange {
  op: 'put' | 'drop';
  row: Record<string, unknown>;
}

/** The change as the index takes it; the outbox holds JSON, where an instant is text. */
function readChange(kind: string, { op, row }: StoredChange): AccessChange {
  return { kind, op, row: dated(row) } as unknown as AccessChange;
}

const instants = ['grantedAt', 'startsAt', 'expiresAt', 'assignedAt'];

function dated(row: Record<string, unknown>): Record<string, unknown> {
  const dates = instants.filter((field) => typeof row[field] === 'string');
  if (dates.length === 0) return row;
  return { ...row, ...Object.fromEntries(dates.map((field) => [field, new Date(row[field] as string)])) };
}
