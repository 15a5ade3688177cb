import { exportSql } from '../../src/distribution/export-sql.ts';
import type { Export as ExportRow } from '../../src/distribution/export.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { Export, ExportFormat } from './export.ts';

const ExportSqlInput = builder.inputType('ExportSqlInput', {
  description: 'What to export, and as what.',
  fields: (t) => ({
    statement: t.string({ required: true, description: 'One SELECT of DuckDB’s SQL, such as `FROM shop.orders`.' }),
    format: t.field({ type: ExportFormat, required: true, description: 'What the file is to be.' }),
  }),
});

const ExportSqlPayload = builder.objectRef<{ export: ExportRow }>('ExportSqlPayload').implement({
  description: 'The export that was queued.',
  fields: (t) => ({
    export: t.expose('export', { type: Export, description: 'Ask for it by `export(id)` until its state is an end.' }),
  }),
});

builder.mutationField('exportSql', (t) =>
  t.field({
    type: ExportSqlPayload,
    nullable: true,
    description:
      'Writes the whole result of one SELECT over exactly the tables that the viewer may read to a file, within ten minutes and 10 GiB, and answers at once. A statement that `sql` would refuse is refused with the same codes.',
    authScopes: exportSql.rule,
    args: { input: t.arg({ type: ExportSqlInput, required: true, description: 'What to export, and as what.' }) },
    errors: { types: [NotFoundError, ConflictError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ export: await context.run(exportSql, input) }),
  }),
);
