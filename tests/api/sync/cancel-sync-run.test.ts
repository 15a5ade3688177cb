import { existsSync } from 'node:fs';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createSource } from '../../../src/registry/create-source.ts';
import { registerTable } from '../../../src/registry/register-table.ts';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { readRows } from '../../kit/parquet-rows.ts';
import { heldTable, Ledger } from '../../sync/ledger.ts';
import { eventCount, newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const ledger = new Ledger();

describeServersOnBoth(
  (server) => {
    let admin: TestPerson;
    let source: string;
    let count = 0;

    beforeAll(async () => {
      admin = await server().person('admin', ['core.admin']);
    });

    /** A source of two tables of one row each, `first` before `second`. */
    beforeEach(async () => {
      count += 1;
      source = `ledger_${count}`;
      await server().run(createSource, { name: source, connector: 'ledger', config: {} });
      for (const name of ['first', 'second']) {
        ledger.rows(name, 'id\n1\n');
        await server().run(registerTable, { source, name, options: {} });
      }
      await sync();
    });

    async function sync(): Promise<void> {
      await server().run(startSync, { source });
      await server().open.syncRunner.idle();
    }

    function cancel(runId: string, as: TestPerson = admin) {
      const payload = 'run { state finishedAt durationMs tables { state error finishedAt } }';
      return mutate(server(), as, { field: 'cancelSyncRun', input: { id: `SyncRun:${runId}` }, payload });
    }

    function states() {
      const { registry, generations } = server().open.services;
      const tables = registry.tables().filter(({ sqlName }) => sqlName.startsWith(`${source}.`));
      return tables.map(({ id }) => generations.state(id));
    }

    test('a running run stops at once and publishes nothing, also of the tables it had extracted', async () => {
      const before = states();
      const held = heldTable();
      ledger.rows('first', 'id\n1\n2\n');
      ledger.script('second', held.script);
      const audited = await eventCount(server());
      const run = await server().run(startSync, { source });
      await held.begun;
      const { services, syncRunner } = server().open;
      const tables = await services.store.db
        .selectFrom('sync_run_tables')
        .selectAll()
        .where('run_id', '=', run.id)
        .execute();
      expect(new Set(tables.map(({ state }) => state))).toEqual(new Set(['succeeded', 'running']));
      const result = await cancel(run.id);
      expect(result).toMatchObject({ __typename: 'CancelSyncRunPayload', run: { state: 'CANCELLED' } });
      expect(result.run.finishedAt).not.toBeNull();
      expect(result.run.durationMs).toMatch(/^[0-9]+$/);
      expect(result.run.tables.map((table: any) => table.state).toSorted()).toEqual(['CANCELLED', 'SUCCEEDED']);
      expect(await newestEvent(server())).toEqual({
        actor: admin.email,
        credential: 'pat',
        action: 'syncRun.cancelled',
        resource: `syncRun:${run.id}`,
        details: { source },
      });
      expect(await eventCount(server())).toBe(audited + 2);
      await syncRunner.idle();
      expect(states()).toEqual(before);
      const stored = await services.store.db.selectFrom('sync_runs').select('state').where('id', '=', run.id).execute();
      expect(stored).toEqual([{ state: 'cancelled' }]);
      const extract = `${server().dataDir}/extracts/${source}/extract.duckdb`;
      expect(await readRows('SELECT table_name, rows FROM _meta ORDER BY 1', extract)).toEqual([
        { table_name: 'first', rows: '1' },
        { table_name: 'second', rows: '1' },
      ]);
    });

    test('a run of the source that is started right after waits until the connector has stopped, and works', async () => {
      const [held, stubborn] = [heldTable(), heldTable()];
      ledger.script('first', async (table, signal) => {
        await Promise.resolve(held.script(table, signal)).catch(() => {});
        return stubborn.script(table, new AbortController().signal);
      });
      const run = await server().run(startSync, { source });
      await held.begun;
      await cancel(run.id);
      await stubborn.begun;
      const extracted = ledger.extracted.length;
      ledger.rows('first', 'id\n1\n2\n3\n');
      await server().run(startSync, { source });
      expect(ledger.extracted).toHaveLength(extracted);
      stubborn.letGo();
      await server().open.syncRunner.idle();
      expect(states().map((state) => state?.rows)).toEqual([3, 1]);
      for (const file of states().flatMap((state) => state!.files)) expect(existsSync(file.path)).toBe(true);
    });

    test('a queued run never starts', async () => {
      const held = ['one', 'two'].map((name) => ({ name: `${source}_${name}`, ...heldTable() }));
      for (const { name, script, begun } of held) {
        await server().run(createSource, { name, connector: 'ledger', config: {} });
        ledger.script(`held_${name}`, script);
        await server().run(registerTable, { source: name, name: `held_${name}`, options: {} });
        await server().run(startSync, { source: name });
        await begun;
      }
      const run = await server().run(startSync, { source });
      const extracted = ledger.extracted.length;
      expect(await cancel(run.id)).toMatchObject({
        run: { state: 'CANCELLED', durationMs: null, tables: [{ state: 'CANCELLED' }, { state: 'CANCELLED' }] },
      });
      for (const { letGo } of held) letGo();
      await server().open.syncRunner.idle();
      expect(ledger.extracted).toHaveLength(extracted);
    });

    test('a run that has ended is a conflict, an unknown one is not found; both change nothing', async () => {
      const run = await server().run(startSync, { source });
      await server().open.syncRunner.idle();
      const audited = await eventCount(server());
      const message = 'The run has ended already: it succeeded.';
      expect(await cancel(run.id)).toMatchObject({ __typename: 'ConflictError', message });
      expect(await cancel('nothing')).toMatchObject({ __typename: 'NotFoundError', message: 'There is no such run.' });
      expect(await eventCount(server())).toBe(audited);
    });

    test('who has just lost the role cancels nothing and sees no run', async () => {
      const former = await server().person(`former-${source}`, ['core.admin']);
      const run = await server().run(startSync, { source });
      const { services } = server().open;
      const grants = await services.store.db
        .selectFrom('role_grants')
        .select('id')
        .where('user_id', '=', former.id)
        .execute();
      for (const { id } of grants) await server().run(revokeRole, { grantId: id });
      await expect(cancel(run.id, former)).rejects.toThrow('FORBIDDEN');
      const query = 'query ($id: ID!) { syncRun(id: $id) { id } }';
      const answer = await ask(server(), { as: former, query, variables: { id: `SyncRun:${run.id}` } });
      expect(answer).toMatchObject({ data: { syncRun: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
      await server().open.syncRunner.idle();
    });
  },
  { connectors: [ledger.connector] },
);
