import {
  readInstanceHealth,
  type InstanceHealth as InstanceHealthValue,
} from '../../src/distribution/instance-health.ts';
import { builder } from '../builder.ts';
import { Instance } from './instance.ts';

const StateDatabase = builder.enumType('StateDatabase', {
  description: 'What keeps the state of the instance.',
  values: {
    DUCKDB: { value: 'duckdb', description: 'A file of DuckDB in the data folder.' },
    POSTGRESQL: { value: 'postgres', description: 'The PostgreSQL database of DATABASE_URL.' },
  } as const,
});

const InstanceHealth = builder.objectRef<InstanceHealthValue>('InstanceHealth').implement({
  description: 'How the instance is, as it was found for this answer.',
  fields: (t) => ({
    dataDirectory: t.exposeString('dataDirectory', { description: 'The folder of everything it stores.' }),
    freeBytes: t.expose('freeBytes', {
      type: 'BigInt',
      description: 'How many bytes can still be written where that folder is.',
    }),
    diskBytes: t.expose('diskBytes', { type: 'BigInt', description: 'How many bytes fit where that folder is.' }),
    stateDatabase: t.expose('stateDatabase', { type: StateDatabase, description: 'What keeps its state.' }),
    stateBytes: t.expose('stateBytes', { type: 'BigInt', description: 'How many bytes the state takes there.' }),
    queuedRuns: t.exposeInt('queuedRuns', { description: 'Sync runs that wait for their turn.' }),
    runningRuns: t.exposeInt('runningRuns', { description: 'Sync runs that are on their way.' }),
    openExports: t.exposeInt('openExports', { description: 'Exports that have not ended.' }),
    waitingEvents: t.exposeInt('waitingEvents', {
      description: 'Events of webhooks that no sync run has worked off yet.',
    }),
  }),
});

builder.objectField(Instance, 'health', (t) =>
  t.field({
    type: InstanceHealth,
    nullable: true,
    description: 'How the instance is now; for administrators.',
    authScopes: { role: 'core.admin' },
    resolve: (_instance, _args, { services }) => readInstanceHealth(services),
  }),
);
