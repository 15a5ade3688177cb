import { deleteMetric } from '../../src/catalog/delete-metric.ts';
import type { Metric as MetricRow } from '../../src/catalog/metric.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { Metric, metricIdIn } from './metric.ts';

const DeleteMetricInput = builder.inputType('DeleteMetricInput', {
  description: 'Which metric definition to remove.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id, or `category/name`.' }) }),
});

const DeleteMetricPayload = builder.objectRef<{ metric: MetricRow }>('DeleteMetricPayload').implement({
  description: 'The metric definition that was removed.',
  fields: (t) => ({ metric: t.expose('metric', { type: Metric, description: 'The former metric.' }) }),
});

builder.mutationField('deleteMetric', (t) =>
  t.field({
    type: DeleteMetricPayload,
    nullable: true,
    description: 'Removes a metric definition.',
    authScopes: deleteMetric.rule,
    args: { input: t.arg({ type: DeleteMetricInput, required: true, description: 'Which one.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      metric: await context.run(deleteMetric, { id: metricIdIn(input.id) }),
    }),
  }),
);
