import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Metric } from './metric.ts';
import { removeMetric } from './metric.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'metric.deleted': { displayName: string };
  }
}

/** Removes one definition; resolves to what it was. */
export const deleteMetric = defineOperation({
  rule: { role: 'core.km_admin' },
  event: 'metric.deleted',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, services, record }): Promise<Metric> {
    const metric = services.metrics.metric(input.id);
    if (!metric) throw new NotFoundError(`There is no metric ${JSON.stringify(input.id.slice(0, 200))}.`);
    await removeMetric(tx, metric);
    record({ resource: `metric:${metric.id}`, details: { displayName: metric.definition.displayName } });
    return metric;
  },
});
