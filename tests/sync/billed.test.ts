import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { BigQueryStandIn } from '../connectors/bigquery-stand-in.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { SteppingClock } from './stepping-clock.ts';

/** What the stand-in charges for each job at least, as BigQuery does. */
const leastBytes = 10_485_760;

let bigquery: BigQueryStandIn;
let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  bigquery = await BigQueryStandIn.start();
  await bigquery.table('shop.orders', `SELECT 1::BIGINT AS id, 'ada' AS customer`);
  const key = JSON.stringify(bigquery.accounts.serviceAccount('agnes@example.com'));
  server = await startTestServer({ clock: new SteppingClock(), environment: { BIGQUERY_KEY: key } });
  admin = await server.person('admin', ['core.admin']);
  const config = {
    project: bigquery.project,
    credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
    apiEndpoint: bigquery.url,
  };
  await server.run(createSource, { name: 'bq', connector: 'bigquery', config });
});

afterAll(async () => {
  await server.close();
  await bigquery.stop();
});

test('what a run was charged for, over all attempts and for a job that ended in an error, is kept with the run and audited', async () => {
  const statements = {
    twice: 'SELECT id FROM `shop-project.shop.orders`',
    failed: 'SELECT CAST(customer AS INT64) AS id FROM `shop-project.shop.orders`',
  };
  for (const [name, statement] of Object.entries(statements))
    await server.run(registerTable, { source: 'bq', name, options: { statement } });
  // The first job runs, and then none of the five requests for its rows is answered.
  bigquery.fail({ on: /GET .*\/queries\//, status: 503, times: 5 });
  await server.run(startSync, { source: 'bq' });
  await server.open.syncRunner.idle();
  const query = `{
    syncRuns(first: 1) { edges { node { id requestedBy tables { state attempts bytesBilled table { name } } } } }
    auditEvents(first: 10, action: "syncRun.billed") { edges { node { actor resource details } } }
  }`;
  const { data, errors } = await ask(server, { as: admin, query });
  expect(errors).toBeUndefined();
  const run = data.syncRuns.edges[0].node;
  expect(run.tables.toSorted((a: any, b: any) => a.table.name.localeCompare(b.table.name))).toEqual([
    { state: 'FAILED', attempts: 1, bytesBilled: `${leastBytes}`, table: { name: 'failed' } },
    { state: 'SUCCEEDED', attempts: 2, bytesBilled: `${2 * leastBytes}`, table: { name: 'twice' } },
  ]);
  const rows = data.auditEvents.edges.map(({ node }: any) => node);
  const [, runId] = run.id.split(':');
  const { requestedBy: actor } = run;
  expect(rows).toMatchObject([1, 2].map(() => ({ actor, resource: `syncRun:${runId}` })));
  const bills = rows.map(({ details }: any) => [details.table, details.bytesBilled]);
  expect(Object.fromEntries(bills)).toEqual({ 'bq.failed': `${leastBytes}`, 'bq.twice': `${2 * leastBytes}` });
});
