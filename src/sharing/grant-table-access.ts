import { z } from 'zod';
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { addTableGrant } from './add-table-grant.ts';
import { auditedResource, describeScope, type GrantScope } from './grant-scope.ts';
import type { TableGrant } from './table-grant.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'tableGrant.created': {
      scope: GrantScope;
      on: string;
      grantee: string;
      effect: TableGrant['effect'];
      startsAt: string | null;
      expiresAt: string | null;
    };
  }
}

/**
 * Lets a user or the holders of a role read a table, a bucket of a source or a whole source, or forbids it, from `startsAt`
 * and until `expiresAt` where they are given. A denial wins over every permission.
 */
export const grantTableAccess = defineOperation({
  rule: { role: 'core.admin' },
  event: 'tableGrant.created',
  input: z.strictObject({
    tableId: z.string().nullish(),
    source: z.string().nullish(),
    bucket: z.string().max(200).nullish(),
    userId: z.string().nullish(),
    roleKey: z.string().nullish(),
    effect: z.enum(['allow', 'deny']).nullish(),
    startsAt: z.date().nullish(),
    expiresAt: z.date().nullish(),
  }),
  async run({ tx, input, principal, services, record }): Promise<TableGrant> {
    const scope = findScope(services, input);
    const grantee = findGrantee(services, input);
    const on = describeScope(services, scope);
    const grant = await addTableGrant(tx, {
      scope,
      scopeLabel: on,
      granteeKind: grantee.kind,
      granteeId: grantee.id,
      granteeLabel: grantee.label,
      effect: input.effect ?? 'allow',
      startsAt: input.startsAt ?? null,
      expiresAt: input.expiresAt ?? null,
      grantedBy: principal!.email,
    });
    record({
      resource: auditedResource(scope),
      details: {
        scope,
        on,
        grantee: grantee.label,
        effect: grant.effect,
        startsAt: grant.startsAt?.toISOString() ?? null,
        expiresAt: grant.expiresAt?.toISOString() ?? null,
      },
    });
    return grant;
  },
});

interface ScopeInput {
  tableId?: string | null;
  source?: string | null;
  bucket?: string | null;
}

function findScope(services: Services, { tableId, source: name, bucket }: ScopeInput): GrantScope {
  if ((tableId == null) === (name == null) || (tableId != null && bucket != null)) {
    throw new InvalidInputError([
      { path: 'tableId', message: 'Give either tableId, or source, or source and bucket together.' },
    ]);
  }
  if (tableId != null) {
    if (services.registry.table(tableId)) return { kind: 'table', tableId };
    throw new NotFoundError('There is no table with this id.');
  }
  const source = services.registry.sourceByName(name!);
  if (!source) throw new NotFoundError(`There is no source called ${JSON.stringify(name)}.`);
  return bucket == null ? { kind: 'source', sourceId: source.id } : { kind: 'bucket', sourceId: source.id, bucket };
}

interface Grantee {
  kind: TableGrant['granteeKind'];
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
