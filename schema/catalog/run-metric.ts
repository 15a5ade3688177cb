import { runMetric } from '../../src/catalog/run-metric.ts';
import { builder } from '../builder.ts';
import { refuseByGet } from '../query/refuse-by-get.ts';
import { SqlResult } from '../query/sql-result.ts';
import { metricIdIn } from './metric.ts';

const MetricFilterInput = builder.inputType('MetricFilterInput', {
  description: 'Rows whose dimension has one of these values.',
  fields: (t) => ({
    dimension: t.string({ required: true, description: 'One of the metric’s dimensions.' }),
    values: t.stringList({ required: true, description: 'As text, such as `web`, `42`, `true` or `2026-01-31`.' }),
  }),
});

builder.queryField('runMetric', (t) =>
  t.field({
    type: SqlResult,
    nullable: true,
    description:
      'Runs a metric’s statement over exactly the tables that the viewer may read; null when there is no such metric. ' +
      'Filters and times narrow the rows of its tables before the statement sees them, by whichever name it reads them.',
    authScopes: { role: 'core.viewer' },
    args: {
      id: t.arg.id({ required: true, description: 'Global id of the metric, or `category/name`.' }),
      variant: t.arg.string({
        description: 'One of its variants, such as `by_channel`; the canonical one unless given.',
      }),
      from: t.arg.string({
        description: 'Only rows whose time is this day or instant or later, such as `2026-01-31` or RFC 3339.',
      }),
      to: t.arg.string({ description: 'Only rows whose time is before this day or instant.' }),
      filters: t.arg({
        type: [MetricFilterInput],
        description: 'Only rows that meet each of these.',
      }),
      limit: t.arg.int({ description: 'How many rows at most, 1 to 10,000; 1,000 unless given.' }),
    },
    resolve: (_root, args, context) => {
      refuseByGet(context);
      const { services, principal, requestId, signal } = context;
      return runMetric(services, {
        id: metricIdIn(args.id),
        variant: args.variant,
        cut: { from: args.from, to: args.to, filters: args.filters ?? [] },
        limit: args.limit ?? 1000,
        principal: principal!,
        requestId,
        signal,
      });
    },
  }),
);
