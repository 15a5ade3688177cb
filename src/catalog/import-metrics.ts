import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { checkMetrics } from './check-metric.ts';
import type { MetricFault } from './metric-fault.ts';
import { metricId } from './metric.ts';
import { parseMetricFiles } from './parse-metric-files.ts';
import { foreseeOutcome, putMetric, type MetricOutcome } from './put-metric.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'metrics.imported': { created: string[]; updated: string[]; unchanged: number; dryRun: boolean };
  }
}

/** What an import did, or with `dryRun` would do: ids by outcome. */
export interface ImportedMetrics extends Record<MetricOutcome, string[]> {
  dryRun: boolean;
  /** What does not fit the tables of today; it hinders nothing. */
  warnings: MetricFault[];
}

/**
 * Stores every definition of the files, or none: with a fault in any file it throws an `InvalidMetricsError` that has all
 * faults. Definitions that the files do not hold stay as they are. `dryRun` stores nothing and is audited as such.
 */
export const importMetrics = defineOperation({
  rule: { role: 'core.km_admin' },
  event: 'metrics.imported',
  input: z.strictObject({
    files: z
      .array(z.strictObject({ path: z.string().min(1).max(1000), content: z.string() }))
      .min(1, 'Give at least one file.')
      .max(500, 'Give 500 files at most.'),
    dryRun: z.boolean().nullish(),
  }),
  async prepare({ input, principal, services }) {
    const definitions = await parseMetricFiles(input.files);
    return { definitions, warnings: await checkMetrics(services, { principal: principal!, definitions }) };
  },
  async run({ tx, input, prepared, services, record }): Promise<ImportedMetrics> {
    const dryRun = input.dryRun ?? false;
    const ids: Record<MetricOutcome, string[]> = { created: [], updated: [], unchanged: [] };
    for (const { definition } of prepared.definitions) {
      const outcome = dryRun
        ? foreseeOutcome(services, definition)
        : (await putMetric(tx, { services, definition, source: 'yaml_import' })).outcome;
      ids[outcome].push(metricId(definition));
    }
    const { created, updated, unchanged } = ids;
    record({ resource: 'metrics:import', details: { created, updated, unchanged: unchanged.length, dryRun } });
    return { ...ids, dryRun, warnings: prepared.warnings };
  },
});
