import { isDeepStrictEqual } from 'node:util';
import type { Services } from '../operation/services.ts';
import type { WriteTransaction } from '../store/store.ts';
import { metricId, type Metric, type MetricDefinition } from './metric.ts';
import { insertMetric, updateMetric } from './metric.store.ts';

/** What became of one definition. */
export type MetricOutcome = 'created' | 'updated' | 'unchanged';

/** Stores a definition under its id. One that is stored already in the same words is not written again. */
export async function putMetric(
  tx: WriteTransaction,
  given: { services: Services; definition: MetricDefinition; source: Metric['source'] },
): Promise<{ metric: Metric; outcome: MetricOutcome }> {
  const { definition, source } = given;
  const id = metricId(definition);
  const known = given.services.metrics.metric(id);
  if (known && sameJson(known.definition, definition)) return { metric: known, outcome: 'unchanged' };
  const metric = { id, definition, source, createdAt: known?.createdAt ?? tx.at, updatedAt: tx.at };
  if (known) await updateMetric(tx, metric);
  else await insertMetric(tx, metric);
  return { metric, outcome: known ? 'updated' : 'created' };
}

/** What `putMetric` would do. */
export function foreseeOutcome(services: Services, definition: MetricDefinition): MetricOutcome {
  const known = services.metrics.metric(metricId(definition));
  if (!known) return 'created';
  return sameJson(known.definition, definition) ? 'unchanged' : 'updated';
}

function sameJson(left: MetricDefinition, right: MetricDefinition): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right)));
}
