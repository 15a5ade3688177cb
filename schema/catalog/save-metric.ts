import { saveMetric, type SavedMetric } from '../../src/catalog/save-metric.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { MetricFault } from './metric-fault.ts';
import { Metric } from './metric.ts';

const MetricVariantInput = builder.inputType('MetricVariantInput', {
  description: 'The statement of a metric in another cut.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Such as `by_channel`.' }),
    sql: t.string({ required: true, description: 'One SELECT of DuckDB’s SQL.' }),
  }),
});

const SaveMetricInput = builder.inputType('SaveMetricInput', {
  description: 'The whole definition: what is left out becomes empty, also when the metric exists.',
  fields: (t) => ({
    category: t.string({ required: true, description: 'Letters, digits, `_`, `-` and `.`.' }),
    name: t.string({ required: true, description: 'Letters, digits, `_`, `-` and `.`; unique within the category.' }),
    displayName: t.string({ description: 'What people call it; the name unless given.' }),
    type: t.string({ description: 'How rows become a number; `sum` unless given.' }),
    unit: t.string({ description: 'What the number counts, such as `USD`.' }),
    grain: t.string({ description: 'Over which time it is measured; `monthly` unless given.' }),
    description: t.string({ description: 'What it means.' }),
    expression: t.string({ description: 'The formula in one line, for readers.' }),
    table: t.string({ description: 'The table whose rows are measured: SQL name, alias or name.' }),
    tables: t.stringList({ description: 'Further tables that the SQL reads.' }),
    timeColumn: t.string({ description: 'The column of the table that tells when a row counts.' }),
    dimensions: t.stringList({ description: 'Columns by which rows may be narrowed.' }),
    filters: t.stringList({ description: 'What the SQL leaves out, for readers.' }),
    synonyms: t.stringList({ description: 'Other words for it.' }),
    notes: t.stringList({ description: 'What to mind.' }),
    sql: t.string({ required: true, description: 'The canonical statement, one SELECT of DuckDB’s SQL.' }),
    sqlVariants: t.field({ type: [MetricVariantInput], description: 'The statement in other cuts.' }),
    validation: t.field({ type: 'JSON', description: 'An object for checks of the numbers; never interpreted.' }),
  }),
});

const SaveMetricPayload = builder.objectRef<SavedMetric>('SaveMetricPayload').implement({
  description: 'The metric as it is stored now.',
  fields: (t) => ({
    metric: t.expose('metric', { type: Metric, description: 'The metric.' }),
    created: t.boolean({
      description: 'Whether it is new.',
      resolve: ({ outcome }) => outcome === 'created',
    }),
    warnings: t.expose('warnings', {
      type: [MetricFault],
      description: 'What does not fit the tables that the viewer may read today; the metric is stored all the same.',
    }),
  }),
});

builder.mutationField('saveMetric', (t) =>
  t.field({
    type: SaveMetricPayload,
    nullable: true,
    description: 'Stores a metric definition under `category/name`, in the place of the one that is there.',
    authScopes: saveMetric.rule,
    args: { input: t.arg({ type: SaveMetricInput, required: true, description: 'The whole definition.' }) },
    errors: { types: [InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(saveMetric, input),
  }),
);
