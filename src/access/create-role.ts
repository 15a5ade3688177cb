import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { checkImplies } from './own-role.ts';
import { insertRole } from './role.store.ts';
import { isRoleKey, ownerModuleOf, roleDescription, roleDisplayName, roleKeyGrammar, type Role } from './role.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'role.created': { roleKey: string; displayName: string; description: string; implies: readonly string[] };
  }
}

const newRoleKey = z
  .string()
  .refine(isRoleKey, `A role key is ${roleKeyGrammar}.`)
  .refine((key) => ownerModuleOf(key) !== 'core', 'The module name core is reserved; begin the key with another word.');

/** Makes a role of the administrators' own, which can be granted and mapped and gives what the roles it implies give. */
export const createRole = defineOperation({
  rule: { role: 'core.admin' },
  event: 'role.created',
  input: z.strictObject({
    key: newRoleKey,
    displayName: roleDisplayName,
    description: roleDescription.nullish(),
    implies: z.array(z.string()).nullish(),
  }),
  async run({ tx, input, principal, services, record }): Promise<Role> {
    const { key, displayName } = input;
    if (services.accessIndex.role(key)) throw new ConflictError(`There is a role with the key ${key} already.`);
    const description = input.description ?? '';
    const implies = [...new Set(input.implies)].toSorted();
    await checkImplies(tx, { key, implies });
    const role = { key, displayName, description, ownerModule: ownerModuleOf(key), isCore: false, implies };
    await insertRole(tx, role, principal!.email);
    record({ resource: `role:${key}`, details: { roleKey: key, displayName, description, implies } });
    return role;
  },
});
