import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { externalGroupId } from '../people/external-group.ts';
import { demandRole } from './demand-role.ts';
import { hasGroupMapping, insertGroupMapping } from './group-mapping.store.ts';
import type { GroupMapping } from './group-mapping.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'groupMapping.created': { externalGroupId: string; roleKey: string };
  }
}

/** Gives a role to everybody in an external group, whoever joins or leaves it; it counts from the commit on. */
export const createGroupMapping = defineOperation({
  rule: { role: 'core.admin' },
  event: 'groupMapping.created',
  input: z.strictObject({ externalGroupId, roleKey: z.string() }),
  async run({ tx, input, principal, services, record }): Promise<GroupMapping> {
    demandRole(services, input.roleKey);
    if (await hasGroupMapping(tx.db, input)) {
      throw new ConflictError(`The group ${input.externalGroupId} is mapped to the role ${input.roleKey} already.`);
    }
    const mapping = { id: newId(), ...input, assignedBy: principal!.email, assignedAt: tx.at };
    await insertGroupMapping(tx, mapping);
    record({ resource: `groupMapping:${mapping.id}`, details: input });
    return mapping;
  },
});
