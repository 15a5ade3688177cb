import type { TableRead as TableReadValue } from '../../src/query/tables-read.ts';
import { builder } from '../builder.ts';

interface SqlResultValue {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  truncated: boolean;
  elapsedMs: number;
  reads: TableReadValue[];
}

const SqlColumn = builder.objectRef<{ name: string; type: string }>('SqlColumn').implement({
  description: 'A column of a result.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As the statement names it.' }),
    type: t.exposeString('type', { description: 'DuckDB’s type, such as `DECIMAL(18,2)`.' }),
  }),
});

const TableRead = builder.objectRef<TableReadValue>('TableRead').implement({
  description: 'A table that a statement read, in the state in which it read it.',
  fields: (t) => ({
    sqlName: t.exposeString('sqlName', { description: 'The SQL name of the table.' }),
    version: t.exposeString('version', {
      nullable: true,
      description:
        'Names what the table held: the `version` of the table. Null where its rows were read at their source.',
    }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When what it held was last found or brought in step with its source; null as `version` is.',
    }),
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
    reads: t.field({
      type: [TableRead],
      description: 'The tables that it read, by SQL name.',
      resolve: (result) => result.reads,
    }),
    truncated: t.exposeBoolean('truncated', { description: 'Whether there are more rows than `limit`.' }),
    rowCount: t.int({ description: 'How many rows are here.', resolve: (result) => result.rows.length }),
    elapsedMs: t.exposeFloat('elapsedMs', { description: 'How long it took, in milliseconds.' }),
  }),
});
