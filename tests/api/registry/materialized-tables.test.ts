import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDueSyncs } from '../../../src/jobs/start-due-syncs.ts';
import { createSource } from '../../../src/registry/create-source.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { BigQueryStandIn } from '../../connectors/bigquery-stand-in.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const bigquery = await BigQueryStandIn.start();
await bigquery.table('shop.orders', 'SELECT range::BIGINT AS id, 1.5::DECIMAL(38,9) AS amount FROM range(10)');
const key = JSON.stringify(bigquery.accounts.serviceAccount('agnes@example.com'));
afterAll(() => bigquery.stop());

describeServersOnBoth(
  (server) => {
    let admin: TestPerson;

    beforeAll(async () => {
      admin = await server().person('admin', ['core.admin']);
      const config = {
        project: bigquery.project,
        credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
        apiEndpoint: bigquery.url,
      };
      await server().run(createSource, { name: 'bq', connector: 'bigquery', config });
    });

    function register(name: string, input: Record<string, unknown>) {
      const payload = 'table { id queryMode options }';
      return mutate(server(), admin, { field: 'registerTable', input: { source: 'bq', name, ...input }, payload });
    }

    async function query(document: string) {
      const { data, errors } = await ask(server(), { as: admin, query: document });
      expect(errors).toBeUndefined();
      return data;
    }

    test('the result of a statement becomes a table on its schedule, and the run tells what it was charged', async () => {
      const statement =
        'SELECT id, SUM(amount) AS total FROM `shop-project.shop.orders` WHERE id < 3 GROUP BY id ORDER BY id';
      const { table } = await register('totals', {
        queryMode: 'MATERIALIZED',
        schedule: 'every 15m',
        options: { statement },
      });
      expect(table).toMatchObject({ queryMode: 'MATERIALIZED', options: { statement } });
      await startDueSyncs(server().open.services);
      await server().open.syncRunner.idle();
      const { sql } = await query(
        '{ sql(statement: "SELECT id, total FROM bq.totals ORDER BY id") { columns { type } rows } }',
      );
      expect(sql.rows).toEqual([0, 1, 2].map((id) => [`${id}`, '1.500000000']));
      const { syncRuns } = await query(
        '{ syncRuns(first: 1) { edges { node { state requestedBy tables { rows bytesBilled } } } } }',
      );
      expect(syncRuns.edges[0].node).toEqual({
        state: 'SUCCEEDED',
        requestedBy: 'schedule',
        tables: [{ rows: '3', bytesBilled: '10485760' }],
      });
    });

    test('what was charged for stands with the run also when the attempt failed behind it', async () => {
      const config = {
        project: bigquery.project,
        credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
        apiEndpoint: bigquery.url,
        maxRows: 2,
      };
      await server().run(createSource, { name: 'bq_small', connector: 'bigquery', config });
      const options = { statement: 'SELECT id FROM `shop-project.shop.orders`' };
      await mutate(server(), admin, {
        field: 'registerTable',
        input: { source: 'bq_small', name: 'all_orders', options },
      });
      await server().run(startSync, { source: 'bq_small' });
      await server().open.syncRunner.idle();
      const { syncRuns } = await query(
        '{ syncRuns(first: 1) { edges { node { tables { state error bytesBilled } } } } }',
      );
      expect(syncRuns.edges[0].node.tables).toEqual([
        { state: 'FAILED', error: expect.stringContaining('more than 2 rows'), bytesBilled: '10485760' },
      ]);
    });

    test('a statement is tried at its source before it is registered or changed, and nothing runs for that', async () => {
      const jobs = bigquery.jobs.size;
      const wrong = await register('wrong', {
        options: { statement: 'SELECT missing FROM `shop-project.shop.orders`' },
      });
      expect(wrong.fields).toEqual([{ path: 'options.statement', message: expect.stringMatching(/missing.*\.$/) }]);
      const writing = await register('writing', { options: { statement: 'DROP TABLE shop.orders' } });
      expect(writing.fields[0].message).toMatch(/^Only a SELECT is run at BigQuery/);
      const { table } = await register('fine', { options: { statement: 'SELECT 1 AS one' } });
      expect(table.queryMode).toBe('MATERIALIZED');
      const change = { id: table.id, options: { statement: 'SELECT nothing' } };
      const changed = await mutate(server(), admin, { field: 'updateTable', input: change });
      expect(changed.fields[0].path).toBe('options.statement');
      const several = await mutate(server(), admin, {
        field: 'registerTables',
        input: {
          source: 'bq',
          tables: [
            { name: 'a', options: { dataset: 'shop', table: 'orders' } },
            { name: 'b', options: { statement: 'SELECT nothing' } },
          ],
        },
      });
      expect(several.fields.map(({ path }: { path: string }) => path)).toEqual(['tables.1.options.statement']);
      expect(bigquery.jobs.size).toBe(jobs);
    });

    test('mode and options have to go together', async () => {
      const relation = { dataset: 'shop', table: 'orders' };
      const faults = [
        await register('a', { queryMode: 'MATERIALIZED', options: relation }),
        await register('b', { queryMode: 'LOCAL', options: { statement: 'SELECT 1 AS one' } }),
      ];
      for (const { fields } of faults)
        expect(fields).toEqual([{ path: 'queryMode', message: expect.stringMatching(/\.$/) }]);
      const { table } = await register('c', { options: relation });
      expect(table.queryMode).toBe('LOCAL');
      const input = { id: table.id, options: { statement: 'SELECT 1 AS one' } };
      const changed = await mutate(server(), admin, { field: 'updateTable', input, payload: 'table { queryMode }' });
      expect(changed.table.queryMode).toBe('MATERIALIZED');
    });
  },
  { environment: { BIGQUERY_KEY: key } },
);
