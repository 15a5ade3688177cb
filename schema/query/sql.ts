import { GraphQLError } from 'graphql';
import { runStatement } from '../../src/query/run-statement.ts';
import { builder } from '../builder.ts';

interface SqlResultValue {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  truncated: boolean;
  elapsedMs: number;
}

const SqlColumn = builder.objectRef<{ name: string; type: string }>('SqlColumn').implement({
  description: 'A column of a result.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As the statement names it.' }),
    type: t.exposeString('type', { description: 'DuckDB’s type, such as `DECIMAL(18,2)`.' }),
  }),
});

const SqlResult = builder.objectRef<SqlResultValue>('SqlResult').implement({
  description: 'What a statement answered.',
  fields: (t) => ({
    columns: t.field({
      type: [SqlColumn],
      description: 'In the order of each row.',
      resolve: (result) => result.columns,
    }),
    rows: t.field({
      type: t.listRef(t.listRef('SqlValue', { nullable: true })),
      description: 'Each row is a list of values.',
      resolve: (result) => result.rows,
    }),
    truncated: t.exposeBoolean('truncated', { description: 'Whether there are more rows than `limit`.' }),
    rowCount: t.int({ description: 'How many rows are here.', resolve: (result) => result.rows.length }),
    elapsedMs: t.exposeFloat('elapsedMs', { description: 'How long it took, in milliseconds.' }),
  }),
});

builder.queryField('sql', (t) =>
  t.field({
    type: SqlResult,
    nullable: true,
    description:
      'Runs one SELECT of DuckDB’s SQL over exactly the tables that the viewer may read. Any other table does not exist.',
    authScopes: { role: 'core.viewer' },
    args: {
      statement: t.arg.string({ required: true, description: 'Such as `SELECT count(*) FROM shop.orders`.' }),
      limit: t.arg.int({ description: 'How many rows at most, 1 to 10,000; 1,000 unless given.' }),
    },
    resolve: (_root, { statement, limit }, { services, principal, requestId, signal, refusesStatements }) => {
      if (refusesStatements) throw methodNotAllowed();
      return runStatement(services, { statement, limit: limit ?? 1000, principal: principal!, requestId, signal });
    },
  }),
);

function methodNotAllowed(): GraphQLError {
  const extensions = { code: 'METHOD_NOT_ALLOWED' };
  return new GraphQLError('Statements are run by POST, not by GET.', { extensions });
}
