import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { checkImplies, demandOwnRole } from './own-role.ts';
import { upsertRole } from './role.store.ts';
import { roleDescription, roleDisplayName, type Role } from './role.ts';

type RoleTexts = Pick<Role, 'displayName' | 'description' | 'implies'>;

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'role.updated': { roleKey: string; from: RoleTexts; to: RoleTexts };
  }
}

/** Changes a role that an administrator made; what is left out stays. Its holders have what it implies now from the commit on. */
export const updateRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'role.updated',
  input: z.strictObject({
    key: z.string(),
    displayName: roleDisplayName.nullish(),
    description: roleDescription.nullish(),
    implies: z.array(z.string()).nullish(),
  }),
  async run({ tx, input, services, record }): Promise<Role> {
    const before = demandOwnRole(services, input.key);
    const to = {
      displayName: input.displayName ?? before.displayName,
      description: input.description ?? before.description,
      implies: input.implies ? [...new Set(input.implies)].toSorted() : before.implies,
    };
    const role = { ...before, ...to };
    if (input.implies) await checkImplies(tx, role);
    await upsertRole(tx, role);
    const { displayName, description, implies } = before;
    record({
      resource: `role:${role.key}`,
      details: { roleKey: role.key, from: { displayName, description, implies }, to },
    });
    return role;
  },
});
