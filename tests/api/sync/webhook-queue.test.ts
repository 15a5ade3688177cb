import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableKinds } from '../../../connectors/jira/config.ts';
import { startDueTasks, startEventSyncs } from '../../../src/jobs/start-event-syncs.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { createSource } from '../../../src/registry/create-source.ts';
import { registerTable } from '../../../src/registry/register-table.ts';
import { deleteSource } from '../../../src/sync/delete-source.ts';
import { pruneWebhookRuns } from '../../../src/sync/prune-webhook-runs.ts';
import { listSyncRuns } from '../../../src/sync/read-sync-runs.ts';
import { startSync } from '../../../src/sync/start-sync.ts';
import { WaitingSources } from '../../../src/sync/waiting-sources.ts';
import { JiraStandIn } from '../../connectors/jira-stand-in.ts';
import { expectSameAsJira } from '../../connectors/jira-state.ts';
import { SteppingClock } from '../../sync/stepping-clock.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const jira = await JiraStandIn.start();
const clock = new SteppingClock();
const hour = 3600;
afterAll(() => jira.close());

describeServersOnBoth(
  (server) => {
    let sourceId: string;
    const services = () => server().open.services;
    const waiting = () => services().store.db.selectFrom('source_events').selectAll().orderBy('seq').execute();
    const runs = () => listSyncRuns(services(), { limit: 100, sourceId });
    const workedOff = async () => {
      await server().open.syncRunner.idle();
      while ((await waiting()).length > 0) {
        await startEventSyncs(services(), new WaitingSources());
        await server().open.syncRunner.idle();
      }
    };
    const send = (payload: unknown, identifier?: string) =>
      jira.send(`${server().url}/webhooks/queue`, payload, { ...(identifier && { identifier }) });

    beforeAll(async () => {
      jira.issues.clear();
      for (const number of [1, 2, 3]) jira.add(`QUEUE-${number}`);
      const config = {
        ...jira.config,
        projects: ['QUEUE'],
        schedules: { consistencyCheck: 'every 2h', deepCheck: '0 3 * * 0' },
      };
      await server().run(createSource, { name: 'queue', connector: 'jira', config });
      sourceId = services().registry.sourceByName('queue')!.id;
    });

    test('stores each delivery once, however often it comes at once, in the order in which they came', async () => {
      // There are no tables yet, so that no run takes them.
      const payloads = [1, 2, 3].map((number) => jira.payload('jira:issue_updated', jira.byKey(`QUEUE-${number}`)));
      for (const payload of payloads) expect((await send(payload)).status).toBe(202);
      const again = payloads.flatMap((payload) => [send(payload), send(payload, 'another'), send(payload)]);
      expect(new Set((await Promise.all(again)).map(({ status }) => status))).toEqual(new Set([202]));
      const same = Array.from({ length: 10 }, (_, index) => send({ ...payloads[0], index }, 'one delivery'));
      await Promise.all(same);
      expect((await waiting()).map(({ event_key: key, seq }) => [key, Number(seq)])).toEqual([
        ['QUEUE-1', 1],
        ['QUEUE-2', 2],
        ['QUEUE-3', 3],
        ['QUEUE-1', 4],
      ]);
    });

    test('keeps what a run could not publish, and lets go of it in the step that publishes', async () => {
      jira.fail(/./, 401, { times: 1000 });
      for (const table of tableKinds)
        await server().run(registerTable, { source: 'queue', name: table, options: { table } });
      // The server asks for a run by itself as soon as there is a table.
      while ((await runs())[0]?.state !== 'failed') {
        await startEventSyncs(services(), new WaitingSources());
        await server().open.syncRunner.idle();
      }
      expect(await waiting()).toHaveLength(4);
      jira.faults.length = 0;
      await workedOff();
      expect((await runs())[0]).toMatchObject({ state: 'succeeded', report: { events: { received: 4 } } });
      expect(await waiting()).toEqual([]);
      await expectSameAsJira(jira, { server: server(), source: 'queue', project: 'QUEUE' });
    });

    test('events of one issue and one month that come side by side leave it whole', async () => {
      const issue = jira.byKey('QUEUE-1');
      const others = [jira.byKey('QUEUE-2'), jira.byKey('QUEUE-3')];
      await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          jira.comment(issue, `Comment ${index}`);
          if (index % 4 === 0) jira.change(others[index % 2]!, { summary: `Summary ${index}` });
          expect((await send(jira.payload('comment_created', issue, { index }))).status).toBe(202);
          await send(jira.payload('jira:issue_updated', others[index % 2]!, { index }));
          if (index % 4 === 0) await startEventSyncs(services(), new WaitingSources());
        }),
      );
      await workedOff();
      await expectSameAsJira(jira, { server: server(), source: 'queue', project: 'QUEUE' });
    });

    test('a task is begun once when its schedule wants it, however many times were missed, and the weekly check weekly', async () => {
      await workedOff();
      const turn = async () => {
        const before = await runs();
        await startDueTasks(services());
        await server().open.syncRunner.idle();
        const after = await runs();
        return after.slice(0, after.length - before.length).map(({ tasks, requestedBy }) => [requestedBy, tasks]);
      };
      expect(await turn()).toEqual([]);
      clock.letPass(7 * hour);
      const first = await turn();
      // The seven hours may have taken in the night to Sunday.
      expect(first).toEqual([['schedule', expect.arrayContaining(['consistencyCheck'])]]);
      expect(await turn()).toEqual([]);
      clock.letPass(7 * 24 * hour);
      expect(await turn()).toEqual([['schedule', ['consistencyCheck', 'deepCheck']]]);
      clock.letPass(1.9 * hour);
      expect(await turn()).toEqual([]);
      clock.letPass(0.2 * hour);
      expect((await turn()).flat(2)).toContain('consistencyCheck');
    });

    test('runs that a webhook asked for are forgotten but the newest; others and the audit are kept', async () => {
      const people = (await runs()).filter(({ requestedBy }) => requestedBy !== 'webhook').length;
      for (let count = 0; count < 3; count += 1) {
        await send(jira.payload('jira:issue_updated', jira.byKey('QUEUE-2'), { count }));
        await workedOff();
      }
      const ofWebhook = (found: Awaited<ReturnType<typeof runs>>) =>
        found.filter(({ requestedBy, state }) => requestedBy === 'webhook' && state === 'succeeded');
      const newest = ofWebhook(await runs()).slice(0, 2);
      const audited = async () => {
        const rows = services().store.db.selectFrom('audit_events').select('id').where('action', '=', 'syncRun.queued');
        return (await rows.execute()).length;
      };
      const rowsBefore = await audited();
      await pruneWebhookRuns(services().store, 2);
      const kept = await runs();
      expect(ofWebhook(kept)).toEqual(newest);
      expect(kept.filter(({ requestedBy }) => requestedBy !== 'webhook')).toHaveLength(people);
      expect(await audited()).toBe(rowsBefore);
      const { db } = services().store;
      const tables = await db.selectFrom('sync_run_tables').select('run_id').distinct().execute();
      expect(new Set(tables.map(({ run_id: id }) => id))).toEqual(new Set(kept.map(({ id }) => id)));
    });

    test('what waits for a source and what it kept go with it', async () => {
      const folder = join(server().dataDir, 'extracts/queue');
      expect(existsSync(join(folder, 'raw/issues/QUEUE-1.json'))).toBe(true);
      await server().run(deleteSource, { id: sourceId, removeTables: true });
      await server().open.extractKeeper.idle();
      expect(existsSync(join(folder, 'raw'))).toBe(false);
      for (const table of ['source_events', 'source_deliveries', 'source_task_turns', 'source_leftovers'] as const)
        expect(await services().store.db.selectFrom(table).selectAll().execute(), table).toEqual([]);
    });

    test('a new source of the same name does not begin with what the deleted one kept', async () => {
      const folder = join(server().dataDir, 'extracts/queue/raw');
      // As after a stop just behind the deletion.
      mkdirSync(join(folder, 'issues'), { recursive: true });
      await services().store.write((tx) =>
        tx.db.insertInto('source_leftovers').values({ source_id: newId(), name: 'queue' }).execute(),
      );
      await server().run(createSource, { name: 'queue', connector: 'jira', config: jira.config });
      await server().run(registerTable, { source: 'queue', name: 'issues', options: { table: 'issues' } });
      jira.fail(/./, 401, { times: 1000 });
      await server().run(startSync, { source: 'queue' });
      await server().open.syncRunner.idle();
      jira.faults.length = 0;
      expect(existsSync(join(folder, 'issues'))).toBe(false);
    });
  },
  { clock, environment: jira.environment },
);
