import type { Metric as MetricRow, MetricVariant as MetricVariantRow } from '../../src/catalog/metric.ts';
import { tablesOfMetric, type MetricTable as MetricTableValue } from '../../src/catalog/metric-tables.ts';
import { metricFilePath, printMetric } from '../../src/catalog/print-metric.ts';
import { visibleMetric, visibleMetrics } from '../../src/catalog/visible-metrics.ts';
import { builder } from '../builder.ts';
import { readPage, textKey, type Connection } from '../paging.ts';
import { Table } from '../registry/table.ts';

const MetricSource = builder.enumType('MetricSource', {
  description: 'Where a metric definition came from when it last changed.',
  values: {
    MANUAL: { value: 'manual', description: 'Somebody saved it.' },
    YAML_IMPORT: { value: 'yaml_import', description: 'It was imported from a file.' },
  } as const,
});

const MetricVariant = builder.objectRef<MetricVariantRow>('MetricVariant').implement({
  description: 'The statement of a metric in another cut.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Such as `by_channel`.' }),
    sql: t.exposeString('sql', { description: 'One SELECT of DuckDB’s SQL.' }),
  }),
});

const MetricTable = builder.objectRef<MetricTableValue>('MetricTable').implement({
  description: 'A table of a metric.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'As the definition names it, or its SQL name where only the SQL of the metric names it.',
    }),
    table: t.expose('table', {
      type: Table,
      nullable: true,
      description: 'The table; null when there is none that the viewer may read.',
    }),
  }),
});

export const Metric = builder.objectRef<MetricRow>('Metric');

builder.node(Metric, {
  description: 'The canonical definition of a business metric.',
  authScopes: { signedIn: true },
  runScopesOnType: true,
  node: {
    rule: { role: 'core.viewer' },
    load: (id, { services, principal }) => visibleMetric(services, principal, id),
  },
  id: { resolve: (metric) => metric.id, description: 'Global id: `Metric:category/name`.' },
  fields: (t) => ({
    category: t.string({ description: 'The group it stands in.', resolve: ({ definition }) => definition.category }),
    name: t.string({ description: 'Unique within its category.', resolve: ({ definition }) => definition.name }),
    displayName: t.string({
      description: 'What people call it.',
      resolve: ({ definition }) => definition.displayName,
    }),
    type: t.string({
      description: 'How rows become a number, such as `sum` or `ratio`.',
      resolve: ({ definition }) => definition.type,
    }),
    unit: t.string({
      nullable: true,
      description: 'What the number counts, such as `USD`.',
      resolve: ({ definition }) => definition.unit,
    }),
    grain: t.string({
      description: 'Over which time it is measured, such as `monthly`.',
      resolve: ({ definition }) => definition.grain,
    }),
    description: t.string({
      nullable: true,
      description: 'What it means.',
      resolve: ({ definition }) => definition.description,
    }),
    expression: t.string({
      nullable: true,
      description: 'The formula in one line, for readers.',
      resolve: ({ definition }) => definition.expression,
    }),
    tableName: t.string({
      nullable: true,
      description: 'The table whose rows are measured, as the definition names it.',
      resolve: ({ definition }) => definition.table,
    }),
    tables: t.stringList({
      description: 'Further tables that its SQL reads, as the definition names them.',
      resolve: ({ definition }) => definition.tables,
    }),
    reads: t.field({
      type: [MetricTable],
      description: 'The tables that the definition names, and those that its SQL reads besides.',
      resolve: ({ definition }, _args, { services, principal }) =>
        principal ? tablesOfMetric(services, { principal, definition }) : [],
    }),
    timeColumn: t.string({
      nullable: true,
      description: 'The column of its table that tells when a row counts.',
      resolve: ({ definition }) => definition.timeColumn,
    }),
    dimensions: t.stringList({
      description: 'Columns by which its rows may be narrowed.',
      resolve: ({ definition }) => definition.dimensions,
    }),
    filters: t.stringList({
      description: 'What its SQL leaves out, for readers.',
      resolve: ({ definition }) => definition.filters,
    }),
    synonyms: t.stringList({
      description: 'Other words for it, which a search finds.',
      resolve: ({ definition }) => definition.synonyms,
    }),
    notes: t.stringList({ description: 'What to mind.', resolve: ({ definition }) => definition.notes }),
    sql: t.string({
      description: 'The canonical statement, one SELECT of DuckDB’s SQL.',
      resolve: ({ definition }) => definition.sql,
    }),
    sqlVariants: t.field({
      type: [MetricVariant],
      description: 'The statement in other cuts, by name.',
      resolve: ({ definition }) => definition.sqlVariants,
    }),
    validation: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What a check of the numbers may look at; kept and never interpreted.',
      resolve: ({ definition }) => definition.validation,
    }),
    source: t.field({
      type: MetricSource,
      description: 'Where the definition came from when it last changed.',
      resolve: (metric) => metric.source,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first stored.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When its definition last changed.' }),
    yaml: t.string({
      description: 'The definition as a YAML file, which imported gives the same definition.',
      resolve: ({ definition }) => printMetric(definition),
    }),
    file: t.string({
      description: 'Where an export puts that file, such as `revenue/total_revenue.yml`.',
      resolve: ({ definition }) => metricFilePath(definition),
    }),
  }),
});

interface MetricConnectionValue extends Connection<MetricRow> {
  totalCount: number;
  categories: string[];
}

const MetricConnection = builder.connectionObject(
  {
    type: Metric,
    name: 'MetricConnection',
    description: 'A page of metric definitions.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many there are in all pages.',
        resolve: (connection) => (connection as unknown as MetricConnectionValue).totalCount,
      }),
      categories: t.stringList({
        description: 'The categories that the search finds something in, whichever was asked for.',
        resolve: (connection) => (connection as unknown as MetricConnectionValue).categories,
      }),
    }),
  },
  { name: 'MetricEdge', description: 'A metric definition at its place in the list.' },
);

builder.queryField('metrics', (t) =>
  t.field({
    type: MetricConnection,
    nullable: true,
    description:
      'Metric definitions by category and name. A curator sees all; others see those of which they may read every table.',
    authScopes: { role: 'core.viewer' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
      category: t.arg.string({ description: 'Only metrics of this category.' }),
      search: t.arg.string({
        description: 'Only metrics whose name, display name, description or synonyms contain this text.',
      }),
    },
    resolve: async (_root, args, { services, principal }) => {
      const found = visibleMetrics(services, principal!, { search: args.search });
      const { category } = args;
      const metrics = category == null ? found : found.filter(({ definition }) => definition.category === category);
      const page = await readPage(args, {
        key: textKey,
        list: (limit, after) => metrics.filter(({ id }) => !after || id > after).slice(0, limit),
        keyOf: ({ id }) => id,
      });
      const categories = [...new Set(found.map(({ definition }) => definition.category))];
      return { ...page, totalCount: metrics.length, categories };
    },
  }),
);

builder.queryField('metric', (t) =>
  t.field({
    type: Metric,
    nullable: true,
    description: 'The metric definition with this id; null when there is none, or none that the viewer may see.',
    authScopes: { role: 'core.viewer' },
    args: { id: t.arg.id({ required: true, description: 'Global id, or `category/name`.' }) },
    resolve: (_root, { id }, { services, principal }) => visibleMetric(services, principal!, metricIdIn(id)),
  }),
);

/** The stored id in a global id or in `category/name`; a category has no colon. */
export function metricIdIn(id: string): string {
  return id.replace(/^Metric:/, '');
}
