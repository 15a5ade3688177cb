import { z } from 'zod';
import { ConflictError, InvalidInputError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { parseOptions } from './parse-options.ts';
import { sourceName, type Source } from './source.ts';
import { insertSource } from './source.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'source.created': { name: string; connector: string };
  }
}

const checkSeconds = 30;

/** Makes a source after its connector has accepted the configuration and reached the system. */
export const createSource = defineOperation({
  rule: { role: 'core.admin' },
  event: 'source.created',
  input: z.strictObject({ name: sourceName, connector: z.string(), config: z.record(z.string(), z.unknown()) }),
  async prepare({ input, services }): Promise<{ config: Record<string, unknown> }> {
    const connector = services.connectors.named(input.connector);
    const config = parseOptions(connector.sourceConfig, { path: 'config', value: input.config });
    const context = services.connectors.contextOf({ ...input, config }, AbortSignal.timeout(checkSeconds * 1000));
    try {
      await connector.check(context);
    } catch (error) {
      throw new InvalidInputError([{ path: 'config', message: (error as Error).message }]);
    }
    return { config };
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
