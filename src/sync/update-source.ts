import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { changeSource } from '../registry/change-registry.ts';
import { checkSource } from '../registry/check-source.ts';
import type { Source } from '../registry/source.ts';
import { refuseWhileRunning } from './refuse-while-running.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'source.updated': { name: string; before: Record<string, unknown>; after: Record<string, unknown> };
  }
}

/**
 * Puts a new configuration in the place of a source's, after its connector has accepted it and reached the system. Its
 * tables keep their rows until a sync has read them from there. Refused while a run of the source is on its way.
 */
export const updateSource = defineOperation({
  rule: { role: 'core.admin' },
  event: 'source.updated',
  input: z.strictObject({ id: z.string(), config: z.record(z.string(), z.unknown()) }),
  async prepare({ input, services }): Promise<{ config: Record<string, unknown> }> {
    const { connector } = demandSourceById(services, input.id);
    return { config: await checkSource(services, { connector, config: input.config }) };
  },
  async run({ tx, input, prepared, services, record }): Promise<Source> {
    const before = demandSourceById(services, input.id);
    await refuseWhileRunning(tx, before);
    const source = { ...before, config: prepared.config };
    await changeSource(tx, source);
    record({
      resource: `source:${source.id}`,
      details: { name: source.name, before: before.config, after: source.config },
    });
    return source;
  },
});

/** The source with this id; throws a `NotFoundError` when there is none. */
export function demandSourceById(services: Services, id: string): Source {
  const source = services.registry.source(id);
  if (source) return source;
  throw new NotFoundError('There is no source with this id.');
}
