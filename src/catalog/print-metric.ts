import { Document, visit } from 'yaml';
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
  const document = new Document(Object.fromEntries(said), { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value !== 'string' || !node.value.includes('\n')) return;
      node.type = plainLines.test(node.value) ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
}

/** Lines that a block keeps as they are: the first not blank and not indented, none with blanks at its end, one newline at the end. */
const plainLines = /^(?![ \t\n])(?:(?:[^\n\u2028\u2029]*[^\s])?\n)*(?:[^\n\u2028\u2029]*[^\s])?$(?<!\n\n)/u;

/** Where an export puts the file: `<category>/<name>.yml`. */
export function metricFilePath({ category, name }: Pick<MetricDefinition, 'category' | 'name'>): string {
  return `${category}/${name}.yml`;
}
