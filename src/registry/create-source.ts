import { z } from 'zod';
import { ConflictError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';

import { checkSource } from './check-source.ts';
import { sourceName, type Source } from './source.ts';
import { insertSource } from './source.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'source.created': { name: string; connector: string };
  }
}

/** Makes a source after its connector has accepted the configuration and reached the system. */
export const createSource = defineOperation({
  rule: { role: 'core.admin' },
  event: 'source.created',
  input: z.strictObject({ name: sourceName, connector: z.string(), config: z.record(z.string(), z.unknown()) }),
  async prepare({ input, services }): Promise<{ config: Record<string, unknown> }> {
    return { config: await checkSource(services, input) };
  },
  async run({ tx, input, prepared, services, record }): Promise<Source> {
    if (services.registry.sourceByName(input.name)) {
      throw new ConflictError(`There is a source called ${input.name} already.`);
    }
    if (services.registry.tables().some((table) => table.alias === input.name)) {
      throw new ConflictError(`${input.name} is the alias of a table; choose another name.`);
    }
    const source = {
      id: newId(),
      name: input.name,
      connector: input.connector,
      config: prepared.config,
      createdAt: tx.at,
    };
    await insertSource(tx, source);
    record({ resource: `source:${source.id}`, details: { name: source.name, connector: source.connector } });
    return source;
  },
});
