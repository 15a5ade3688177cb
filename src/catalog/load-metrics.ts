import type { Store } from '../store/store.ts';
import { MetricIndex, type MetricChange } from './metric-index.ts';
import { selectMetrics } from './metric.store.ts';

/** Fills the index of metrics from the store and keeps it equal to what is committed from then on. */
export async function loadMetrics(store: Store): Promise<MetricIndex> {
  const index = new MetricIndex();
  for (const row of await selectMetrics(store.db)) index.apply({ op: 'put', row });
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (topic !== 'metric') continue;
      const { op, row } = payload as MetricChange;
      index.apply({ op, row: { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) } });
    }
  });
  return index;
}
