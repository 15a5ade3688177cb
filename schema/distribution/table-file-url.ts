import { signedTableFilePath } from '../../src/distribution/open-table-file.ts';
import { builder } from '../builder.ts';
import { TableFile } from '../sync/table-state.ts';

builder.objectField(TableFile, 'url', (t) =>
  t.string({
    nullable: true,
    description:
      'Where the file can be fetched, for an hour from this answer, without any header. It works only while the viewer, with the credential of this request, may read the table. Give it to nobody.',
    resolve: ({ tableId, sha256 }, _args, { services, principal, instance }) =>
      principal && `${instance.publicUrl}${signedTableFilePath(services, { principal, tableId, sha256 })}`,
  }),
);
