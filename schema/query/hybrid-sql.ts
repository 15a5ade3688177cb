import { InvalidInputError } from '../../src/kernel/errors.ts';
import { askRemotes } from '../../src/query/ask-remotes.ts';
import type { RemoteBill } from '../../src/query/remote-order.ts';
import { runHybrid, type HybridResult } from '../../src/query/run-hybrid.ts';
import { builder } from '../builder.ts';
import { SqlResult } from './sql-result.ts';

const RemoteInput = builder.inputType('RemoteInput', {
  description: 'A statement that a source runs, and what its rows are called.',
  fields: (t) => ({
    alias: t.string({ required: true, description: 'How the statement names the rows; none of the viewer’s tables.' }),
    source: t.string({ description: 'The source that runs it; may be left out where only one runs statements.' }),
    statement: t.string({ required: true, description: 'One SELECT or WITH in the source’s own SQL.' }),
  }),
});

const HybridSqlInput = builder.inputType('HybridSqlInput', {
  description: 'A statement, and the remotes that it joins with the viewer’s tables.',
  fields: (t) => ({
    statement: t.string({
      required: true,
      description: 'One SELECT of DuckDB’s SQL, such as `FROM shop.orders JOIN visits USING (order_id)`.',
    }),
    remotes: t.field({
      type: [RemoteInput],
      required: true,
      description: 'One to ten; the statement reads each of them.',
    }),
    limit: t.int({ description: 'How many rows at most, 1 to 10,000; 1,000 unless given.' }),
    maxBytesBilled: t.field({
      type: 'BigInt',
      description:
        'The most that all remotes together may be billed for, besides what each source’s configuration allows.',
    }),
  }),
});

const RemoteRead = builder.objectRef<RemoteBill>('RemoteRead').implement({
  description: 'What was read at a source, and what it took.',
  fields: (t) => ({
    alias: t.string({ description: 'Its alias, or the SQL name of a table.', resolve: ({ name }) => name }),
    source: t.exposeString('source', { description: 'The name of the source.' }),
    rows: t.expose('rows', { type: 'BigInt', nullable: true, description: 'How many rows it gave.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'How large the rows were here, compressed.',
    }),
    bytesBilled: t.expose('bytesBilled', {
      type: 'BigInt',
      nullable: true,
      description: 'What the source charges for; null where it does not tell.',
    }),
    elapsedMs: t.exposeFloat('elapsedMs', { description: 'How long it took, in milliseconds.' }),
  }),
});

const HybridSqlPayload = builder.objectRef<HybridResult>('HybridSqlPayload').implement({
  description: 'What a hybrid statement answered.',
  fields: (t) => ({
    result: t.field({ type: SqlResult, description: 'The rows of the statement.', resolve: (result) => result }),
    remotes: t.field({
      type: [RemoteRead],
      description: 'What each remote took, and each table that is read at its source.',
      resolve: ({ remotes }) => [...remotes],
    }),
  }),
});

builder.mutationField('hybridSql', (t) =>
  t.field({
    type: HybridSqlPayload,
    nullable: true,
    description:
      'Runs statements at sources, each exactly once, and one SELECT over their rows and exactly the tables that the viewer may read. It spends what the sources charge, which is audited. A statement that `sql` would refuse is refused with the same codes, before anything is spent.',
    authScopes: askRemotes.rule,
    args: {
      input: t.arg({ type: HybridSqlInput, required: true, description: 'The statement and its remotes.' }),
    },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const asked = await context.run(askRemotes, { ...input, maxBytesBilled: input.maxBytesBilled?.toString() });
      const { services, principal, requestId, signal } = context;
      return runHybrid(services, { asked, principal: principal!, requestId, signal });
    },
  }),
);
