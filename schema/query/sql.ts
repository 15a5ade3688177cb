import { runStatement } from '../../src/query/run-statement.ts';
import { builder } from '../builder.ts';
import { refuseByGet } from './refuse-by-get.ts';
import { SqlResult } from './sql-result.ts';

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
    resolve: (_root, { statement, limit }, context) => {
      refuseByGet(context);
      const { services, principal, requestId, signal } = context;
      return runStatement(services, { statement, limit: limit ?? 1000, principal: principal!, requestId, signal });
    },
  }),
);
