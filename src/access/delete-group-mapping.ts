import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { deleteStoredGroupMapping, selectGroupMapping } from './group-mapping.store.ts';
import type { GroupMapping } from './group-mapping.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'groupMapping.deleted': { externalGroupId: string; roleKey: string };
  }
}

/** Takes a role away from the members of an external group; it counts for every request and every event from its commit on. */
export const deleteGroupMapping = defineOperation({
  rule: { role: 'core.admin' },
  event: 'groupMapping.deleted',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, record }): Promise<GroupMapping> {
    const mapping = await selectGroupMapping(tx.db, input.id);
    if (!mapping) throw new NotFoundError('There is no group mapping with this id.');
    await deleteStoredGroupMapping(tx, mapping);
    const { id, externalGroupId, roleKey } = mapping;
    record({ resource: `groupMapping:${id}`, details: { externalGroupId, roleKey } });
    return mapping;
  },
});
