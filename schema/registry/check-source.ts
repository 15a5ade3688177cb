import { checkKnownSource, type SourceCheck as SourceCheckValue } from '../../src/registry/check-known-source.ts';
import { builder } from '../builder.ts';

const SourceCheck = builder.objectRef<SourceCheckValue>('SourceCheck').implement({
  description: 'Whether a source could be reached.',
  fields: (t) => ({
    ok: t.boolean({ description: 'Whether it could.', resolve: ({ fault }) => fault === null }),
    fault: t.exposeString('fault', {
      nullable: true,
      description: 'Why it could not; the sentence is its connector’s.',
    }),
  }),
});

builder.queryField('checkSource', (t) =>
  t.field({
    type: SourceCheck,
    nullable: true,
    description: 'Has the connector of a source reach it now, as it is configured; null when there is no such source.',
    authScopes: { role: 'core.admin' },
    args: { source: t.arg.string({ required: true, description: 'The name of the source.' }) },
    resolve: (_root, { source }, { services }) => checkKnownSource(services, source),
  }),
);
