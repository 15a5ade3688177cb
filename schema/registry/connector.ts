import { listConnectors, type ConnectorKind } from '../../src/registry/list-connectors.ts';
import { builder } from '../builder.ts';

const Connector = builder.objectRef<ConnectorKind>('Connector').implement({
  description: 'A kind of system that sources can connect.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'What `createSource` takes as `connector`.' }),
    configSchema: t.expose('configSchema', {
      type: 'JSON',
      nullable: true,
      description: 'What a source of it is told, as JSON Schema; null when it cannot be told so.',
    }),
    secrets: t.stringList({
      description: 'The secrets that it reads, which `setSecret` takes.',
      resolve: ({ secrets }) => [...secrets],
    }),
  }),
});

builder.queryField('connectors', (t) =>
  t.field({
    type: [Connector],
    nullable: true,
    description: 'The kinds of systems that this instance can connect, by kind.',
    authScopes: { role: 'core.admin' },
    resolve: (_root, _args, { services }) => listConnectors(services),
  }),
);
