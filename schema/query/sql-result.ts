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

export const SqlResult = builder.objectRef<SqlResultValue>('SqlResult').implement({
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
