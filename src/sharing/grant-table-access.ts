import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { insertTableGrant, selectTableGrantsOn } from './table-grant.store.ts';
import type { StoredTableGrant } from './stored-table-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'tableGrant.created': { tableId: string; sqlName: string; grantee: string; effect: StoredTableGrant['effect'] };
  }
}

/** Lets a user or the holders of a role read a table, or forbids it; a denial wins over every permission. */
export const grantTableAccess = defineOperation({
  rule: { role: 'core.admin' },
  event: 'tableGrant.created',
  input: z.strictObject({
    tableId: z.string(),
    userId: z.string().nullish(),
    roleKey: z.string().nullish(),
    effect: z.enum(['allow', 'deny']).nullish(),
  }),
  async run({ tx, input, principal, services, record }): Promise<StoredTableGrant> {
    const table = services.registry.table(input.tableId);
    if (!table) throw new NotFoundError('There is no table with this id.');
    const grantee = findGrantee(services, input);
    const grant: StoredTableGrant = {
      id: newId(),
      tableId: table.id,
      granteeKind: grantee.kind,
      granteeId: grantee.id,
      effect: input.effect ?? 'allow',
      grantedBy: principal!.email,
      grantedAt: tx.at,
    };
    const existing = await selectTableGrantsOn(tx.db, [table.id]);
    if (existing.some((other) => other.granteeKind === grantee.kind && other.granteeId === grantee.id)) {
      throw new ConflictError(`${grantee.label} has a grant on ${table.sqlName} already; revoke it first.`);
    }
    await insertTableGrant(tx, grant);
    record({
      resource: `table:${table.id}`,
      details: { tableId: table.id, sqlName: table.sqlName, grantee: grantee.label, effect: grant.effect },
    });
    return grant;
  },
});

interface Grantee {
  kind: StoredTableGrant['granteeKind'];
  id: string;
  label: string;
}

function findGrantee(services: Services, input: { userId?: string | null; roleKey?: string | null }): Grantee {
  if (input.userId && !input.roleKey) {
    const user = services.accessIndex.user(input.userId);
    if (!user) throw new NotFoundError('There is no user with this id.');
    return { kind: 'user', id: user.id, label: user.email };
  }
  if (input.roleKey && !input.userId) {
    if (services.accessIndex.role(input.roleKey)) return { kind: 'role', id: input.roleKey, label: input.roleKey };
    throw new NotFoundError(`There is no role with the key ${JSON.stringify(input.roleKey)}.`);
  }
  throw new InvalidInputError([{ path: 'userId', message: 'Give either userId or roleKey.' }]);
}
