import { beforeAll, beforeEach, expect, test } from 'vitest';
import { startDueSyncs } from '../../../src/jobs/start-due-syncs.ts';
import { createSource } from '../../../src/registry/create-source.ts';
import { registerTables } from '../../../src/registry/register-tables.ts';
import type { Table } from '../../../src/registry/table.ts';
import { updateTable } from '../../../src/registry/update-table.ts';
import { readSyncRunTables, listSyncRuns } from '../../../src/sync/read-sync-runs.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { heldTable, Ledger } from '../../sync/ledger.ts';
import { SteppingClock } from '../../sync/stepping-clock.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const clock = new SteppingClock();
const ledger = new Ledger();
const minute = 60;
const hour = 60 * minute;

describeServersOnBoth(
  (server) => {
    let admin: TestPerson;
    let source: string;
    let count = 0;

    beforeAll(async () => {
      admin = await server().person('admin', ['core.admin']);
    });

    /** Each test has a source of its own; those of the tests before it have no tables that are due. */
    beforeEach(async () => {
      count += 1;
      source = `ledger_${count}`;
      await server().run(createSource, { name: source, connector: 'ledger', config: {} });
    });

    async function register(name: string, schedule: string | null): Promise<Table> {
      return (await registerAll({ [name]: schedule }))[0]!;
    }

    /** The server’s own scheduler may come at any time: what is to be one run has to become due at once. */
    function registerAll(schedules: Record<string, string | null>): Promise<Table[]> {
      const tables = Object.entries(schedules).map(([name, schedule]) => ({ name, schedule, options: {} }));
      return server().run(registerTables, { source, tables });
    }

    /** A turn of the scheduler, and every run to its end. */
    async function turn(): Promise<void> {
      await startDueSyncs(server().open.services);
      await server().open.syncRunner.idle();
    }

    /** The tables of each run of the source, newest first, by name. */
    async function runs() {
      const { services } = server().open;
      const sourceId = services.registry.sourceByName(source)!.id;
      const found = await listSyncRuns(services, { limit: 100, sourceId });
      const tables = await readSyncRunTables(
        services,
        found.map(({ id }) => id),
      );
      return found.map((run, index) => ({
        by: run.requestedBy,
        state: run.state,
        tables: tables[index]!.map(({ tableId }) => services.registry.table(tableId)!.name).toSorted(),
      }));
    }

    async function dueAt(table: Table): Promise<Date | null> {
      const query = 'query ($search: String!) { tables(search: $search) { edges { node { schedule nextDueAt } } } }';
      const { data } = await ask(server(), { as: admin, query, variables: { search: table.sqlName } });
      const [{ node }] = data.tables.edges;
      expect(node.schedule).toBe(table.schedule);
      return node.nextDueAt && new Date(node.nextDueAt);
    }

    test('tables that are due together are one run, those without a schedule none; new ones are due at once', async () => {
      const schedules = { orders: 'every 15m', payments: 'every 2h', returns: null };
      const [, , returns] = await registerAll(schedules);
      expect(await dueAt(returns!)).toBeNull();
      await turn();
      await turn();
      expect(await runs()).toEqual([{ by: 'schedule', state: 'succeeded', tables: ['orders', 'payments'] }]);
      expect(await newestEvent(server())).toMatchObject({
        actor: 'schedule',
        credential: 'system',
        action: 'syncRun.queued',
      });
      clock.letPass(14 * minute);
      await turn();
      expect(await runs()).toHaveLength(1);
      clock.letPass(1 * minute);
      await turn();
      expect((await runs())[0]).toEqual({ by: 'schedule', state: 'succeeded', tables: ['orders'] });
      expect(await runs()).toHaveLength(2);
    });

    test('however many times were missed, the table is synced once', async () => {
      await register('orders', 'every 15m');
      await turn();
      clock.letPass(10 * hour);
      for (let again = 0; again < 3; again += 1) await turn();
      expect(await runs()).toHaveLength(2);
    });

    test('a sync that somebody starts counts as the turn', async () => {
      const orders = await register('orders', null);
      await server().run(startSync, { source });
      await server().open.syncRunner.idle();
      await server().run(updateTable, { id: orders.id, schedule: 'every 2h' });
      await turn();
      expect(await runs()).toEqual([{ by: 'system', state: 'succeeded', tables: ['orders'] }]);
      const scheduled = { ...orders, schedule: 'every 2h' };
      const minutesLeft = ((await dueAt(scheduled))!.getTime() - clock.now().getTime()) / 60_000;
      expect(minutesLeft).toBeGreaterThan(118);
      expect(minutesLeft).toBeLessThanOrEqual(120);
    });

    test('while a run of the source is on its way nothing else of it starts; what came due meanwhile comes after it, once', async () => {
      const held = heldTable();
      ledger.script('orders', held.script);
      await registerAll({ orders: 'every 15m', payments: 'every 15m' });
      await startDueSyncs(server().open.services);
      await held.begun;
      clock.letPass(hour);
      await startDueSyncs(server().open.services);
      expect(await runs()).toHaveLength(1);
      held.letGo();
      await server().open.syncRunner.idle();
      ledger.rows('orders', 'id\n1\n');
      await turn();
      await turn();
      expect(await runs()).toHaveLength(2);
    });

    test('a table that fails waits for its next time like any other', async () => {
      ledger.script('broken', () => {
        throw new Error('The ledger is closed.');
      });
      await register('broken', 'every 15m');
      await turn();
      await turn();
      expect(await runs()).toEqual([{ by: 'schedule', state: 'failed', tables: ['broken'] }]);
      clock.letPass(15 * minute);
      await turn();
      expect(await runs()).toHaveLength(2);
    });

    test('a source tells its last run in numbers, and when its schedules want what in the next 24 hours', async () => {
      ledger.script('coming_b', () => {
        throw new Error('The ledger is closed.');
      });
      const held = heldTable();
      ledger.script('held', held.script);
      await register('held', null);
      const tell = async () => {
        const query = `{ source(name: "${source}") {
          lastRun { state counts { tables ended failed } failures(first: 1) { error table { name } } }
          dueTimes { at tableCount tables(first: 2) { name } tasks } } }`;
        const { data, errors } = await ask(server(), { as: admin, query });
        expect(errors).toBeUndefined();
        return data.source;
      };
      expect((await tell()).lastRun).toBeNull();
      await server().run(startSync, { source });
      await held.begun;
      const schedules = { coming_a: 'every 7h', coming_b: 'every 7h', coming_c: 'daily 00:00' };
      const [, , daily] = await registerAll(schedules);
      const overdue = await tell();
      expect(overdue.lastRun).toMatchObject({ state: 'RUNNING', counts: { tables: 1, ended: 0, failed: 0 } });
      expect(overdue.dueTimes[0]).toMatchObject({ tableCount: 3, tasks: [] });
      expect((await dueAt(daily!))!.getTime()).toBeLessThanOrEqual(clock.now().getTime());
      held.letGo();
      await server().open.syncRunner.idle();
      await turn();
      const { lastRun, dueTimes } = await tell();
      expect(lastRun).toEqual({
        state: 'PARTIAL',
        counts: { tables: 3, ended: 3, failed: 1 },
        failures: [{ error: 'The ledger is closed.', table: { name: 'coming_b' } }],
      });
      const wanted = dueTimes.map(({ at, tables }: any) => [tables.map(({ name }: any) => name).join(), at]);
      const [first] = wanted.filter(([names]: any) => names === 'coming_a,coming_b');
      const later = (hours: number) => new Date(Date.parse(first[1]) + hours * hour * 1000).toISOString();
      expect(wanted).toHaveLength(4);
      expect(wanted).toEqual(
        expect.arrayContaining([
          ['coming_a,coming_b', later(0)],
          ['coming_a,coming_b', later(7)],
          ['coming_a,coming_b', later(14)],
          ['coming_c', (await dueAt(daily!))!.toISOString()],
        ]),
      );
      expect(wanted.map(([, at]: any) => at)).toEqual(wanted.map(([, at]: any) => at).toSorted());
    });

    test('a text is read as a schedule without anything being changed, with the next instants that fit it', async () => {
      const query = `{ daily: checkSchedule(schedule: " daily 07:00,19:30 ", first: 3) { fault dueTimes }
        wrong: checkSchedule(schedule: "weekly") { fault dueTimes } }`;
      const { data } = await ask(server(), { as: admin, query });
      expect(data.daily.fault).toBeNull();
      const clockTimes = data.daily.dueTimes.map((at: string) => at.slice(11, 16));
      expect([
        ['07:00', '19:30', '07:00'],
        ['19:30', '07:00', '19:30'],
      ]).toContainEqual(clockTimes);
      expect(data.wrong).toEqual({ fault: expect.stringMatching(/^"weekly" is no schedule\. Write /), dueTimes: [] });
    });

    test('what is no schedule is refused with the grammar, and nothing is registered', async () => {
      const input = { source, name: 'orders', schedule: 'weekly', options: {} };
      expect(await mutate(server(), admin, { field: 'registerTable', input })).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ path: 'schedule', message: expect.stringMatching(/^"weekly" is no schedule\. Write every 15m, /) }],
      });
      expect(
        server()
          .open.services.registry.tables()
          .filter(({ sqlName }) => sqlName === `${source}.orders`),
      ).toEqual([]);
    });
  },
  { clock, connectors: [ledger.connector] },
);
