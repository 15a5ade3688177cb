import { InvalidMetricsError, type MetricFault as MetricFaultRow } from '../../src/catalog/metric-fault.ts';
import { builder } from '../builder.ts';
import { ErrorInterface } from '../errors.ts';

export const MetricFault = builder.objectRef<MetricFaultRow>('MetricFault').implement({
  description: 'Something wrong with a metric definition.',
  fields: (t) => ({
    file: t.exposeString('file', { nullable: true, description: 'The file’s path as it was given.' }),
    line: t.exposeInt('line', { nullable: true, description: 'The line in the file, from 1.' }),
    column: t.exposeInt('column', { nullable: true, description: 'The column in the line, from 1.' }),
    metricId: t.exposeString('metricId', {
      nullable: true,
      description: 'The metric that it concerns, as `category/name`, when that is known.',
    }),
    message: t.exposeString('message', { description: 'What is wrong and what to do.' }),
  }),
});

builder.objectType(InvalidMetricsError, {
  name: 'InvalidMetricsError',
  description: 'Files of metric definitions do not say what is needed; nothing was stored.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    faults: t.field({
      type: [MetricFault],
      description: 'Every fault of every file.',
      resolve: (error) => [...error.faults],
    }),
  }),
});
