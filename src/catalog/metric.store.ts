import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Metric, MetricDefinition } from './metric.ts';

declare module '../store/database.ts' {
  interface Database {
    metrics: MetricsTable;
  }
}

interface MetricsTable {
  id: string;
  /** JSON. */
  definition: string;
  source: Metric['source'];
  created_at: Date;
  updated_at: Date;
}

/** Inserts a metric and tells the index. */
export async function insertMetric(tx: WriteTransaction, metric: Metric): Promise<void> {
  await tx.db
    .insertInto('metrics')
    .values({
      id: metric.id,
      definition: JSON.stringify(metric.definition),
      source: metric.source,
      created_at: metric.createdAt,
      updated_at: metric.updatedAt,
    })
    .execute();
  tx.emit('metric', { op: 'put', row: metric });
}

/** Writes the definition of a metric that is stored already and tells the index. */
export async function updateMetric(tx: WriteTransaction, metric: Metric): Promise<void> {
  await tx.db
    .updateTable('metrics')
    .set({ definition: JSON.stringify(metric.definition), source: metric.source, updated_at: metric.updatedAt })
    .where('id', '=', metric.id)
    .execute();
  tx.emit('metric', { op: 'put', row: metric });
}

/** Removes a metric and tells the index. */
export async function removeMetric(tx: WriteTransaction, metric: Metric): Promise<void> {
  await tx.db.deleteFrom('metrics').where('id', '=', metric.id).execute();
  tx.emit('metric', { op: 'drop', row: metric });
}

/** Every metric, for the index at start. */
export async function selectMetrics(db: Kysely<Database>): Promise<Metric[]> {
  const rows = await db.selectFrom('metrics').selectAll().execute();
  return rows.map((row) => ({
    id: row.id,
    definition: JSON.parse(row.definition) as MetricDefinition,
    source: row.source,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}
