import { importMetrics, type ImportedMetrics } from '../../src/catalog/import-metrics.ts';
import { InvalidMetricsError } from '../../src/catalog/metric-fault.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { MetricFault } from './metric-fault.ts';

const MetricFileInput = builder.inputType('MetricFileInput', {
  description: 'A YAML file of one metric definition or a list of them.',
  fields: (t) => ({
    path: t.string({
      required: true,
      description: 'Such as `revenue/mrr.yml`: faults name it, and its folder is the category where none is written.',
    }),
    content: t.string({ required: true, description: 'At most 1,000,000 bytes.' }),
  }),
});

const ImportMetricsInput = builder.inputType('ImportMetricsInput', {
  description: 'The files to import.',
  fields: (t) => ({
    files: t.field({ type: [MetricFileInput], required: true, description: 'At most 500, with 500 metrics.' }),
    dryRun: t.boolean({ description: 'Whether to check only and store nothing.' }),
  }),
});

const ImportMetricsPayload = builder.objectRef<ImportedMetrics>('ImportMetricsPayload').implement({
  description: 'What the import did, or as a dry run would do.',
  fields: (t) => ({
    dryRun: t.exposeBoolean('dryRun', { description: 'Whether nothing was stored.' }),
    created: t.int({ description: 'How many metrics are new.', resolve: ({ created }) => created.length }),
    updated: t.int({ description: 'How many changed.', resolve: ({ updated }) => updated.length }),
    unchanged: t.int({
      description: 'How many were there in the same words.',
      resolve: ({ unchanged }) => unchanged.length,
    }),
    warnings: t.expose('warnings', {
      type: [MetricFault],
      description: 'What does not fit the tables that the viewer may read today; it hinders nothing.',
    }),
  }),
});

builder.mutationField('importMetrics', (t) =>
  t.field({
    type: ImportMetricsPayload,
    nullable: true,
    description: 'Stores every metric definition of the files, or none when there is a fault in any of them.',
    authScopes: importMetrics.rule,
    args: { input: t.arg({ type: ImportMetricsInput, required: true, description: 'The files.' }) },
    errors: { types: [InvalidMetricsError, InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(importMetrics, input),
  }),
);
