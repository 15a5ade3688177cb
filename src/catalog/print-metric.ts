import { stringify } from 'yaml';
import type { MetricDefinition } from './metric.ts';

/** The definition as a YAML file that, read again, gives the same definition. What was not said is left out. */
export function printMetric(definition: MetricDefinition): string {
  const { name, displayName, sqlVariants } = definition;
  const keys: [string, unknown][] = [
    ['name', name],
    ['display_name', displayName === name ? null : displayName],
    ['category', definition.category],
    ['type', definition.type],
    ['unit', definition.unit],
    ['grain', definition.grain],
    ['description', definition.description],
    ['expression', definition.expression],
    ['table', definition.table],
    ['tables', definition.tables],
    ['time_column', definition.timeColumn],
    ['dimensions', definition.dimensions],
    ['filters', definition.filters],
    ['synonyms', definition.synonyms],
    ['notes', definition.notes],
    ['sql', definition.sql],
    ...sqlVariants.map((variant): [string, unknown] => [`sql_${variant.name}`, variant.sql]),
    ['validation', definition.validation],
  ];
  const said = keys.filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
  // Words such as `yes` are quoted, because readers of YAML 1.1 take them for truth values.
  return stringify(Object.fromEntries(said), { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
}

/** Where an export puts the file: `<category>/<name>.yml`. */
export function metricFilePath({ category, name }: Pick<MetricDefinition, 'category' | 'name'>): string {
  return `${category}/${name}.yml`;
}
