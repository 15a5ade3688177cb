import {
  readManifest,
  type Manifest as ManifestValue,
  type ManifestTable as Row,
} from '../../src/distribution/manifest.ts';
import { builder } from '../builder.ts';
import { Metric } from '../catalog/metric.ts';
import { Table } from '../registry/table.ts';

const ManifestTable = builder.objectRef<Row>('ManifestTable').implement({
  description: 'A table of a manifest.',
  fields: (t) => ({
    table: t.expose('table', { type: Table, description: 'The table, with its columns and files.' }),
    isChosen: t.exposeBoolean('isChosen', { description: 'Whether the viewer wants its files on laptops.' }),
  }),
});

export const Manifest = builder.objectRef<ManifestValue>('Manifest').implement({
  description: 'What the viewer may have on a laptop now.',
  fields: (t) => ({
    version: t.exposeString('version', {
      description: 'Give it as `since` the next time. Equal while nothing has changed of what a manifest says.',
    }),
    unchanged: t.exposeBoolean('unchanged', {
      description: 'Whether the manifest is still that of `since`; then the lists are empty.',
    }),
    tables: t.field({
      type: [ManifestTable],
      description:
        'Every table that the viewer may read, by SQL name. Fetch `/data/<id>/<sha256>.parquet` for its files.',
      resolve: (manifest) => [...manifest.tables],
    }),
    metrics: t.field({
      type: [Metric],
      description: 'Every metric whose definition the viewer may see, by id.',
      resolve: (manifest) => [...manifest.metrics],
    }),
  }),
});

builder.queryField('manifest', (t) =>
  t.field({
    type: Manifest,
    nullable: true,
    extensions: { personal: true },
    description: 'What the viewer may have on a laptop now: tables with their columns and files, and metrics.',
    authScopes: { role: 'core.viewer' },
    args: {
      since: t.arg.string({
        description: 'The version that is on the laptop: when it is still right, the answer is small.',
      }),
    },
    resolve: (_root, { since }, { services, principal }) =>
      readManifest(services, { principal: principal!, since: since ?? null }),
  }),
);
