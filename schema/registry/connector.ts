import { z } from 'zod';
import type { Connector as ConnectorValue } from '../../connectors/contract.ts';
import { builder } from '../builder.ts';

const Connector = builder.objectRef<ConnectorValue>('Connector').implement({
  description: 'A kind of system that sources can connect.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'What `createSource` takes as `connector`.' }),
    configSchema: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What a source of it is told, as JSON Schema; null when it cannot be told so.',
      resolve: ({ sourceConfig }) => jsonSchemaOf(sourceConfig),
    }),
    secrets: t.stringList({
      description: 'The secrets that it reads, which `setSecret` takes.',
      resolve: ({ environment, secrets = [] }) => secrets.filter((name) => environment.includes(name)),
    }),
  }),
});

/** A connector from elsewhere may bring a schema that has no such form. */
function jsonSchemaOf(schema: ConnectorValue['sourceConfig']): unknown {
  try {
    return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  } catch {
    return null;
  }
}

builder.queryField('connectors', (t) =>
  t.field({
    type: [Connector],
    nullable: true,
    description: 'The kinds of systems that this instance can connect, by kind.',
    authScopes: { role: 'core.admin' },
    resolve: (_root, _args, { services }) => services.connectors.all(),
  }),
);
