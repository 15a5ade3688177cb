import { InvalidInputError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { runStatement } from '../query/run-statement.ts';
import { cutTables, type MetricCut } from './metric-filters.ts';
import type { MetricDefinition } from './metric.ts';
import { visibleMetric } from './visible-metrics.ts';

/** Which metric to run, in which variant, over which rows; `limit` rows at most, 1 to 10,000. */
export interface MetricRun {
  id: string;
  variant?: string | null;
  cut: MetricCut;
  limit: number;
  principal: Principal;
  requestId: string;
  signal?: AbortSignal;
}

/**
 * Runs a metric's statement as `runStatement` would, over its tables narrowed to the cut: the statement stays as it is, and
 * by whichever name it reads a table, it sees only the rows of the cut. Null when there is no such metric for the principal.
 */
export async function runMetric(
  services: Services,
  run: MetricRun,
): Promise<Awaited<ReturnType<typeof runStatement>> | null> {
  const { principal, limit, requestId, signal } = run;
  const metric = visibleMetric(services, principal, run.id);
  if (!metric) return null;
  const statement = chooseStatement(metric.definition, run.variant ?? null);
  const filters = cutTables(services, { principal, definition: metric.definition, cut: run.cut });
  return runStatement(services, { statement, limit, principal, requestId, signal, metric: metric.id, filters });
}

function chooseStatement({ sql, sqlVariants }: MetricDefinition, wanted: string | null): string {
  if (wanted === null) return sql;
  const variant = sqlVariants.find(({ name }) => name === wanted);
  if (variant) return variant.sql;
  const names = sqlVariants.map(({ name }) => name).join(', ');
  const message = names ? `The metric has the variants ${names}.` : 'The metric has no variants; leave it out.';
  throw new InvalidInputError([{ path: 'variant', message }]);
}
