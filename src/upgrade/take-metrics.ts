import type { MetricDefinition } from '../catalog/metric.ts';
import { metricId } from '../catalog/metric.ts';
import type { OldRow } from './old-row.ts';
import { firstTimes, rowsOf, type Upgrade } from './upgrade.ts';

/** Takes over metric definitions; a metric's id is always its category and its name here. */
export async function takeMetrics(upgrade: Upgrade): Promise<void> {
  const { ledger, at } = upgrade;
  const isFirst = firstTimes();
  for await (const row of rowsOf(upgrade, 'metric_definitions')) {
    const definition = definitionOf(row);
    const [id, oldId] = [metricId(definition), row.text('id') ?? ''];
    if (definition.name === '' || !isFirst(id)) {
      const reason = definition.name === '' ? 'it has no name' : `another metric is called ${id}`;
      await ledger.left(row, { key: oldId, reason });
      continue;
    }
    if (oldId !== id) {
      row.giveBack('id');
      ledger.warn(`The metric ${oldId} is called ${id} here, after its category and its name.`);
    }
    const source = row.text('source') ?? 'manual';
    if (source !== 'manual' && source !== 'yaml_import') row.giveBack('source');
    const createdAt = row.instant('created_at') ?? at;
    await ledger.put('metrics', {
      id,
      definition: JSON.stringify(definition),
      source: source === 'yaml_import' ? source : 'manual',
      created_at: createdAt,
      updated_at: row.instant('updated_at') ?? createdAt,
    });
    await ledger.took(row, id);
  }
}

function definitionOf(row: OldRow): MetricDefinition {
  const name = row.text('name') ?? '';
  return {
    category: row.text('category') ?? 'general',
    name,
    displayName: row.text('display_name') ?? name,
    type: row.text('type') ?? 'sum',
    unit: row.text('unit'),
    description: row.text('description'),
    expression: row.text('expression'),
    timeColumn: row.text('time_column'),
    grain: row.text('grain') ?? 'monthly',
    table: row.text('table_name'),
    tables: row.texts('tables'),
    dimensions: row.texts('dimensions'),
    filters: row.texts('filters'),
    synonyms: row.texts('synonyms'),
    notes: row.texts('notes'),
    sql: row.text('sql') ?? '',
    sqlVariants: variantsOf(row),
    validation: validationOf(row),
  };
}

function variantsOf(row: OldRow): MetricDefinition['sqlVariants'] {
  const found = row.json('sql_variants');
  const entries = isRecord(found) ? Object.entries(found) : [];
  const variants = entries.flatMap(([name, sql]) => (typeof sql === 'string' ? [{ name, sql }] : []));
  if (found !== null && (!isRecord(found) || variants.length < entries.length)) row.giveBack('sql_variants');
  return variants;
}

function validationOf(row: OldRow): MetricDefinition['validation'] {
  const found = row.json('validation');
  if (isRecord(found)) return found;
  row.giveBack('validation');
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
