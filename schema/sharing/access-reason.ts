import type { EffectiveRole as EffectiveRoleValue } from '../../src/access/effective-role.ts';
import { coreAdmin } from '../../src/access/core-roles.ts';
import type { Services } from '../../src/operation/services.ts';
import type { AccessReason as AccessReasonValue } from '../../src/sharing/table-access.ts';
import { EffectiveRole } from '../access/effective-role.ts';
import { builder } from '../builder.ts';
import { GrantEffect, TableGrant } from './table-grant.ts';

/** A reason, and whom it is about. */
export interface ReasonOfUser {
  readonly reason: AccessReasonValue;
  readonly userId: string;
}

const AccessReasonKind = builder.enumType('AccessReasonKind', {
  description: 'What a reason rests on.',
  values: {
    ADMINISTRATOR: { value: 'administrator', description: 'An administrator reads every table.' },
    GRANT: { value: 'grant', description: 'A table grant that counts now.' },
    PUBLIC: { value: 'public', description: 'The table is public.' },
    PRIVATE: { value: 'private', description: 'Nothing allows it.' },
    NOT_ACTIVE: { value: 'noActiveUser', description: 'The user is not active and reads nothing.' },
    NO_TABLE: { value: 'noSuchTable', description: 'The table is gone.' },
  } as const,
});

export const AccessReason = builder.objectRef<ReasonOfUser>('AccessReason').implement({
  description: 'Why somebody may or may not read a table.',
  fields: (t) => ({
    effect: t.field({
      type: GrantEffect,
      description: 'Whether it speaks for reading or against.',
      resolve: ({ reason }) => reason.effect,
    }),
    kind: t.field({ type: AccessReasonKind, description: 'What it rests on.', resolve: ({ reason }) => reason.kind }),
    grant: t.field({
      type: TableGrant,
      nullable: true,
      description: 'The grant it rests on, when it rests on one; null also for those who are not administrators.',
      resolve: ({ reason }, _args, { principal }) =>
        reason.kind === 'grant' && principal?.roles.has(coreAdmin.key) ? reason.grant : null,
    }),
    role: t.field({
      type: EffectiveRole,
      nullable: true,
      description: 'The role through which it reaches the user, with what gave it; null when it does not need one.',
      resolve: ({ reason, userId }, _args, { services }) => effectiveRoleOf(services, { reason, userId }),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the grant it rests on ends; null: it has no end.',
      resolve: ({ reason }) => (reason.kind === 'grant' ? reason.grant.expiresAt : null),
    }),
  }),
});

function effectiveRoleOf(services: Services, { reason, userId }: ReasonOfUser): EffectiveRoleValue | null {
  const key = roleKeyOf(reason);
  if (key === null) return null;
  return services.accessIndex.effectiveRoles(userId).find(({ roleKey }) => roleKey === key) ?? null;
}

function roleKeyOf(reason: AccessReasonValue): string | null {
  if (reason.kind === 'administrator') return coreAdmin.key;
  return reason.kind === 'grant' && reason.grant.granteeKind === 'role' ? reason.grant.granteeId : null;
}

/** Every reason of this user at this table, the deciding one first. */
export function reasonsOf(services: Services, given: { userId: string; tableId: string }): ReasonOfUser[] {
  const { userId, tableId } = given;
  return services.tableAccess.explain(userId, tableId).map((reason) => ({ reason, userId }));
}
