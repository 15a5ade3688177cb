import type { fileKinds, Export as ExportRow } from '../../src/distribution/export.ts';
import { readExport, readExportsOf, signedPathOf } from '../../src/distribution/read-exports.ts';
import { builder } from '../builder.ts';
import { Viewer } from '../identity/viewer.ts';

export const ExportFormat = builder.enumType('ExportFormat', {
  description: 'What the file of an export is.',
  values: {
    PARQUET: {
      value: 'parquet',
      description:
        'Parquet with DuckDB’s types, compressed. Types that Parquet holds only with loss become others: HUGEINT becomes DECIMAL(38,0); INTERVAL, TIMETZ and UNION become text.',
    },
    CSV: {
      value: 'csv',
      description:
        'RFC 4180 in UTF-8 with a header line. NULL is an empty field, an empty text is `""`. Values are those of `sql`.',
    },
    NDJSON: {
      value: 'ndjson',
      description: 'One JSON object for each row, each on its own line. Values are those of `sql`.',
    },
  } as const satisfies Record<Uppercase<keyof typeof fileKinds>, object>,
});

const ExportState = builder.enumType('ExportState', {
  description: 'Where an export stands.',
  values: {
    QUEUED: { value: 'queued', description: 'Waits until others have ended.' },
    RUNNING: { value: 'running', description: 'Is being written.' },
    SUCCEEDED: { value: 'succeeded', description: 'The file is whole and can be fetched.' },
    FAILED: { value: 'failed', description: 'There is no file; `error` says why.' },
  } as const,
});

export const Export = builder.objectRef<ExportRow>('Export');

builder.node(Export, {
  extensions: { personal: true },
  description: 'The whole result of one statement as a file, which only who asked for it can see.',
  node: {
    rule: { role: 'core.analyst' },
    load: (id, { services, principal }) => readExport(services, { id, principal }),
  },
  id: { resolve: (row) => row.id, description: 'Global id.' },
  fields: (t) => ({
    statement: t.exposeString('statement', { description: 'The statement.' }),
    format: t.expose('format', { type: ExportFormat, description: 'What the file is.' }),
    state: t.expose('state', { type: ExportState, description: 'Where it stands.' }),
    rows: t.expose('rows', { type: 'BigInt', nullable: true, description: 'How many rows the file holds.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', nullable: true, description: 'The size of the file.' }),
    sha256: t.exposeString('sha256', { nullable: true, description: 'SHA-256 of the file, in hex.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why there is no file, in one sentence.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From then on there is no file.' }),
    url: t.string({
      nullable: true,
      description:
        'Where the file can be fetched, for an hour from this answer, without any header; null while there is none. It works only while the viewer, with the credential of this request, may read every table in the file. Give it to nobody.',
      resolve(row, _args, { services, principal, instance }) {
        const path = principal && signedPathOf(services, row, principal);
        return path && `${instance.publicUrl}${path}`;
      },
    }),
  }),
});

builder.queryField('export', (t) =>
  t.field({
    type: Export,
    nullable: true,
    description: 'An export of the viewer; null when the viewer has none with this id.',
    authScopes: { role: 'core.analyst' },
    args: { id: t.arg.id({ required: true, description: 'Global id of the export.' }) },
    resolve: (_root, { id }, { services, principal }) =>
      id.startsWith('Export:') ? readExport(services, { id: id.slice(7), principal: principal! }) : null,
  }),
);

builder.objectField(Viewer, 'exports', (t) =>
  t.field({
    type: [Export],
    description: 'The viewer’s exports, newest first; each is gone a day after it was asked for.',
    resolve: (viewer, _args, { services }) => readExportsOf(services, viewer.principal),
  }),
);
