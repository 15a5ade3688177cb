import { defineOperation } from '../operation/define-operation.ts';
import { checkMetrics } from './check-metric.ts';
import { metricDefinition } from './metric-definition.ts';
import type { MetricFault } from './metric-fault.ts';
import { metricId, type Metric } from './metric.ts';
import { putMetric, type MetricOutcome } from './put-metric.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'metric.saved': { outcome: MetricOutcome };
  }
}

/** Stores one definition under `<category>/<name>`, in the place of what was there: what is not given becomes empty. */
export const saveMetric = defineOperation({
  rule: { role: 'core.km_admin' },
  event: 'metric.saved',
  input: metricDefinition,
  prepare({ input, principal, services }): Promise<MetricFault[]> {
    const id = metricId(input);
    const nowhere = { file: null, line: null, column: null, metricId: id };
    const faultAt = (path: readonly PropertyKey[], message: string) => ({
      ...nowhere,
      message: path.length > 0 ? `${path.join('.')}: ${message}` : message,
    });
    return checkMetrics(services, { principal: principal!, definitions: [{ definition: input, faultAt }] });
  },
  async run({ tx, input, prepared, services, record }): Promise<SavedMetric> {
    const { metric, outcome } = await putMetric(tx, { services, definition: input, source: 'manual' });
    record({ resource: `metric:${metric.id}`, details: { outcome } });
    return { metric, outcome, warnings: prepared };
  },
});

/** What saving did, and what does not fit the tables of today. */
export interface SavedMetric {
  metric: Metric;
  outcome: MetricOutcome;
  warnings: MetricFault[];
}
