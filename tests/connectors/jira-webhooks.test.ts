import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishFile } from '../../src/engine/publish.ts';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { deleteSource } from '../../src/sync/delete-source.ts';
import { startSync } from '../../src/sync/start-sync.ts';
import { upsertTableStates } from '../../src/sync/table-state.store.ts';
import { updateSource } from '../../src/sync/update-source.ts';
import { tableKinds } from '../../connectors/jira/config.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../kit/server.ts';
import { JiraStandIn } from './jira-stand-in.ts';
import { expectSameAsJira } from './jira-state.ts';
import { times } from '../kit/times.ts';

let jira: JiraStandIn;
let server: TestServer;
let admin: TestPerson;

beforeAll(async () => {
  jira = await JiraStandIn.start();
  server = await startTestServer({ environment: { ...jira.environment, JIRA_SHORT: 'short' } });
  admin = await server.person('admin', ['core.admin']);
});

afterAll(async () => {
  await server.close();
  await jira.close();
});

/** A source over the stand-in with its six tables, after its first sync. */
async function openSource(name: string, config: Record<string, unknown> = {}): Promise<void> {
  await server.run(createSource, { name, connector: 'jira', config: { ...jira.config, ...config } });
  for (const table of tableKinds) await server.run(registerTable, { source: name, name: table, options: { table } });
  await sync(name);
}

async function sync(source: string, more: { tasks?: string[]; fullRefresh?: boolean } = {}): Promise<any> {
  await server.open.syncRunner.idle();
  await server.run(startSync, { source, ...more });
  await server.open.syncRunner.idle();
  return lastRun(source);
}

async function lastRun(source: string): Promise<any> {
  const query = `{ syncRuns(first: 1, source: "${source}") { edges { node { state error requestedBy tasks report tables { state error } } } } }`;
  const { data, errors } = await ask(server, { as: { token: admin.token }, query });
  expect(errors).toBeUndefined();
  return data.syncRuns.edges[0]?.node;
}

/** Waits until no event waits and no run is on its way. */
async function settled(): Promise<void> {
  const { store } = server.open.services;
  for (;;) {
    const waiting = await store.db.selectFrom('source_events').selectAll().execute();
    await server.open.syncRunner.idle();
    if (waiting.length === 0) return;
    await sleep(100);
  }
}

function rows(statement: string, source: string) {
  return readRows(statement, join(server.dataDir, 'extracts', source, 'extract.duckdb'));
}

const doorOf = (source: string) => `${server.url}/webhooks/${source}`;

describe('the door of webhooks', () => {
  beforeAll(async () => {
    jira.add('DOOR-1');
    await openSource('door', { projects: ['DOOR'] });
  });

  test('takes a signed event once, answers 202, and a run asked for by the webhook brings what Jira says then', async () => {
    const issue = jira.byKey('DOOR-1');
    jira.change(issue, { summary: 'Changed' });
    const payload = jira.payload('jira:issue_updated', {
      ...issue,
      fields: { ...issue.fields, summary: 'What the event says' },
    });
    const first = await jira.send(doorOf('door'), payload, { identifier: 'one' });
    expect([first.status, first.text]).toEqual([202, '']);
    expect((await jira.send(doorOf('door'), payload, { identifier: 'one' })).status).toBe(202);
    expect((await jira.send(doorOf('door'), payload, { identifier: 'other' })).status).toBe(202);
    expect(await server.open.services.store.db.selectFrom('source_events').selectAll().execute()).toHaveLength(1);
    await settled();
    expect(await rows('SELECT summary FROM issues', 'door')).toEqual([{ summary: 'Changed' }]);
    expect(await lastRun('door')).toMatchObject({
      requestedBy: 'webhook',
      tasks: [],
      state: 'SUCCEEDED',
      report: { events: { received: 1, changed: 1 } },
    });
    // Long after it was worked off, the same bytes are still known.
    await jira.send(doorOf('door'), payload, { identifier: 'third' });
    expect(await server.open.services.store.db.selectFrom('source_events').selectAll().execute()).toEqual([]);
  });

  test('refuses what is not signed with the secret, what is no event, and what is no source with webhooks', async () => {
    await server.run(createSource, {
      name: 'quiet',
      connector: 'jira',
      config: { ...jira.config, webhook: undefined },
    });
    await server.registerFile('plain', 'id\n1\n');
    await server.run(createSource, { name: 'gone', connector: 'jira', config: jira.config });
    const { id } = server.open.services.registry.sourceByName('gone')!;
    await server.run(deleteSource, { id });
    const payload = jira.payload('jira:issue_updated', jira.byKey('DOOR-1'));
    const status = async (source: string, given: Parameters<JiraStandIn['send']>[2] = {}, value: unknown = payload) =>
      (await jira.send(doorOf(source), value, given)).status;
    expect(await status('door', { secret: null })).toBe(401);
    expect(await status('door', { secret: 'another secret, as long' })).toBe(401);
    // An array crashed the predecessor.
    for (const body of ['[]', '[1]', '{}', '', 'no JSON', 'null', '"text"'])
      expect(await status('door', { body }), body).toBe(400);
    const answers = new Set<string>();
    for (const source of ['nothing', 'quiet', 'shop', 'gone', '', '../door', 'door/x']) {
      const { status: code, text } = await jira.send(
        `${server.url}/webhooks/${source}`.replace('/webhooks/../', '/webhooks/..%2f'),
        payload,
      );
      answers.add(`${code} ${text}`);
    }
    expect([...answers]).toEqual(['404 There is no webhook here.\n']);
    expect((await fetch(doorOf('door'))).status).toBe(405);
    const large = await fetch(doorOf('door'), { method: 'POST', body: 'x'.repeat(6_000_000) }).then(
      ({ status: code }) => code,
      () => 413,
    );
    expect(large).toBe(413);
    expect(await server.open.services.store.db.selectFrom('source_events').selectAll().execute()).toEqual([]);
  });

  test('audits refusals, a flood of one kind as one row', async () => {
    const { services } = server.open;
    for (let times = 0; times < 50; times += 1) await jira.send(doorOf('door'), {}, { secret: null });
    await services.auditBatch.flush(services.store);
    const query =
      '{ auditEvents(first: 100, action: "webhook.refused") { edges { node { actor resource details } } } }';
    const { data, errors } = await ask(server, { as: { token: admin.token }, query });
    expect(errors).toBeUndefined();
    const found = data.auditEvents.edges.map(
      ({ node }: any) => `${node.resource.split(':')[0]} ${node.details.status}`,
    );
    expect(found.filter((one: string) => one === 'source 401')).toHaveLength(1);
    expect(JSON.stringify(data)).not.toContain(jira.secret);
  });

  test('cannot be opened without a secret, or with a short one', async () => {
    for (const secretEnv of ['JIRA_NOT_SET', 'JIRA_SHORT']) {
      const made = server.run(createSource, {
        name: 'open_door',
        connector: 'jira',
        config: { ...jira.config, webhook: { secretEnv } },
      });
      await expect(made).rejects.toThrow(`set ${secretEnv} to at least 16 characters`);
    }
    const other = server.run(createSource, {
      name: 'open_door',
      connector: 'jira',
      config: { ...jira.config, webhook: { secretEnv: 'DATABASE_URL' } },
    });
    await expect(other).rejects.toThrow('begins with JIRA_');
  });

  test('refuses with 429 what does not fit into the queue, and takes it again when there is room', async () => {
    const { store } = server.open.services;
    const source = server.open.services.registry.sourceByName('quiet')!;
    await server.run(updateSource, { id: source.id, config: jira.config });
    // The source has no tables, so that nothing is worked off.
    const waiting = Array.from({ length: 10_000 }, (_, seq) => ({
      id: `full-${seq}`,
      source_id: source.id,
      seq,
      event_key: 'X-1',
      event: '{}',
      received_at: new Date(),
    }));
    await store.write(async (tx) => {
      for (let start = 0; start < waiting.length; start += 1000)
        await tx.db
          .insertInto('source_events')
          .values(waiting.slice(start, start + 1000))
          .execute();
    });
    const payload = jira.payload('jira:issue_updated', jira.byKey('DOOR-1'));
    const answer = await jira.send(doorOf('quiet'), payload);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '30']);
    await store.write(async (tx) => void (await tx.db.deleteFrom('source_events').execute()));
    expect((await jira.send(doorOf('quiet'), payload)).status).toBe(202);
    await store.write(async (tx) => void (await tx.db.deleteFrom('source_events').execute()));
  });
});

describe('events', () => {
  beforeAll(async () => {
    for (const number of [1, 2, 3]) jira.add(`EVENT-${number}`);
    await openSource('event', { projects: ['EVENT'] });
  });

  test('a comment, an attachment or a link that is deleted takes itself away and nothing else', async () => {
    const [one, two] = [jira.byKey('EVENT-1'), jira.byKey('EVENT-2')];
    const comments = ['a', 'b', 'c', 'd'].map((text) => jira.comment(one, text));
    const file = jira.attach(one, { filename: 'a.txt', bytes: Buffer.from('a') });
    const link = jira.link(one, two);
    await jira.send(doorOf('event'), jira.payload('comment_created', one));
    await jira.send(
      doorOf('event'),
      jira.payload('issuelink_created', null, {
        issueLink: { id: Number(link), sourceIssueId: Number(one.id), destinationIssueId: Number(two.id) },
      }),
    );
    await settled();
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
    jira.deleteComment(one, comments[1]!);
    await jira.send(doorOf('event'), jira.payload('comment_deleted', one, { comment: { id: comments[1] } }));
    await settled();
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
    jira.detach(one, file);
    await jira.send(doorOf('event'), jira.payload('attachment_deleted', null, { attachment: { id: file } }));
    jira.unlink(link);
    await jira.send(
      doorOf('event'),
      jira.payload('issuelink_deleted', null, {
        issueLink: { id: Number(link), sourceIssueId: Number(one.id), destinationIssueId: Number(two.id) },
      }),
    );
    await settled();
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
    expect(await rows('SELECT count(*)::INT AS count FROM issues', 'event')).toEqual([{ count: 3 }]);
  });

  test('a deleted issue leaves all six tables, and an event that says so of an issue that lives takes nothing away', async () => {
    const [one, three] = [jira.byKey('EVENT-1'), jira.byKey('EVENT-3')];
    jira.issues.delete(three.id);
    await jira.send(doorOf('event'), jira.payload('jira:issue_deleted', three));
    await jira.send(doorOf('event'), jira.payload('jira:issue_deleted', one));
    await settled();
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
    const kept = JSON.parse(readFileSync(join(server.dataDir, 'extracts/event/raw/issues/EVENT-3.json'), 'utf8'));
    expect(kept._deleted_at).toMatch(/^\d{4}-/);
    // Everything built anew from what is kept: the predecessor brought deleted issues back.
    await server.run(updateSource, {
      id: server.open.services.registry.sourceByName('event')!.id,
      config: { ...jira.config, projects: ['EVENT'], checkedDays: 7 },
    });
    await sync('event', { tasks: [] });
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
  });

  test('an issue that gets another key leaves no twin, and one that leaves the wanted projects is gone', async () => {
    const two = jira.byKey('EVENT-2');
    two.fields['_movedFrom'] = 'EVENT-2';
    two.key = 'EVENT-20';
    await jira.send(doorOf('event'), jira.payload('jira:issue_updated', two));
    await settled();
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
    expect(readdirSync(join(server.dataDir, 'extracts/event/raw/issues'))).not.toContain('EVENT-2.json');
    two.key = 'ELSEWHERE-1';
    await jira.send(doorOf('event'), jira.payload('jira:issue_updated', two));
    await settled();
    expect(await rows('SELECT issue_key FROM issues', 'event')).toEqual([{ issue_key: 'EVENT-1' }]);
  });

  test('a key that is none is not taken for the name of a file', async () => {
    const evil = { ...jira.byKey('EVENT-1'), id: 'x', key: '../../../evil' };
    expect((await jira.send(doorOf('event'), jira.payload('jira:issue_updated', evil))).status).toBe(202);
    await settled();
    expect(
      readdirSync(join(server.dataDir, 'extracts/event/raw/issues')).filter((name) => name.includes('evil')),
    ).toEqual([]);
  });

  test('an event whose issue cannot be had waits and is worked off later', async () => {
    const one = jira.byKey('EVENT-1');
    jira.change(one, { summary: 'Later' });
    jira.fail(/issue\/EVENT-1\?/, 403);
    await jira.send(doorOf('event'), jira.payload('jira:issue_updated', one));
    await settled();
    await expectSameAsJira(jira, { server, source: 'event', project: 'EVENT' });
  });
});

describe('many events at once', () => {
  const events = times(80, 200);
  test(`${events} events over 20 issues in any order end in exactly what Jira has`, async () => {
    for (let number = 1; number <= 20; number += 1) {
      jira.add(`MANY-${number}`, {
        created: `2026-0${1 + (number % 3)}-${number % 2 ? '01T00:30:00.000+0100' : '15T10:00:00.000+0000'}`,
      });
    }
    await openSource('many', { projects: ['MANY'] });
    const issues = [...jira.issues.values()].filter(({ key }) => key.startsWith('MANY-'));
    const sends = Array.from({ length: events }, async (_, index) => {
      await sleep(Math.random() * 1500);
      const issue = issues[index % 20]!;
      const kind = index % 4;
      if (kind === 0) jira.change(issue, { summary: `Summary ${index}` });
      else if (kind === 3 && issue.comments.length > 0) jira.deleteComment(issue, String(issue.comments[0]!['id']));
      else jira.comment(issue, `Comment ${index}`);
      const names = ['jira:issue_updated', 'comment_created', 'comment_created', 'comment_deleted'];
      expect((await jira.send(doorOf('many'), jira.payload(names[kind]!, issue, { index }))).status).toBe(202);
    });
    await Promise.all(sends);
    await settled();
    await expectSameAsJira(jira, { server, source: 'many', project: 'MANY' });
  });

  test('a month in UTC, not in the offset of the issue, is the partition of all rows', async () => {
    const { services } = server.open;
    const [table] = services.registry
      .tablesOf(services.registry.sourceByName('many')!.id)
      .filter(({ name }) => name === 'issues');
    const { files } = services.generations.state(table!.id)!;
    expect(new Set(files.map(({ partition }) => partition))).toEqual(
      new Set(['2025-12', '2026-01', '2026-02', '2026-03']),
    );
    const months = await rows(
      "SELECT DISTINCT strftime(created_at AT TIME ZONE 'UTC', '%Y-%m') AS month FROM issues ORDER BY 1",
      'many',
    );
    expect(months.map(({ month }) => month)).toEqual(['2025-12', '2026-01', '2026-02', '2026-03']);
    // A change in one month leaves the files of the others as they are.
    const issue = jira.byKey('MANY-2');
    jira.change(issue, { summary: 'Only this month' });
    await jira.send(doorOf('many'), jira.payload('jira:issue_updated', issue));
    await settled();
    const after = services.generations.state(table!.id)!.files;
    expect(after.filter(({ sha256 }) => !files.some((file) => file.sha256 === sha256))).toHaveLength(1);
  });

  test('a partition that is cut off, and an issue file that is none, cost no row', async () => {
    const { services } = server.open;
    const [table] = services.registry
      .tablesOf(services.registry.sourceByName('many')!.id)
      .filter(({ name }) => name === 'comments');
    const [file] = services.generations.state(table!.id)!.files;
    chmodSync(file!.path, 0o644);
    writeFileSync(file!.path, 'no parquet');
    writeFileSync(join(server.dataDir, 'extracts/many/raw/issues/MANY-4.json'), '{"id":');
    await sync('many', { tasks: [] });
    await expectSameAsJira(jira, { server, source: 'many', project: 'MANY' });
  });
});

test('the check finds what is wrong with the published tables themselves, reports it and writes those months anew', async () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace('Z', '+0000');
  for (const [number, days] of [1, 1, 70, 70, 200].entries())
    jira.change(jira.add(`MEND-${number + 1}`, { created: ago(days) }), { summary: `Issue ${number}` });
  await openSource('mend', { projects: ['MEND'] });
  const { services } = server.open;
  const stateOf = (wanted: string) => {
    const tables = services.registry.tablesOf(services.registry.sourceByName('mend')!.id);
    return services.generations.state(tables.find(({ name }) => name === wanted)!.id)!;
  };
  const months = stateOf('issues')
    .files.map(({ partition }) => partition!)
    .toSorted();
  const [oldest, middle] = months;
  const fileOf = (table: string, month: string) => stateOf(table).files.find(({ partition }) => partition === month)!;
  const checked = async () => (await sync('mend', { tasks: ['deepCheck'] })).report.deepCheck.published;

  // A partition was published in which one issue is not, one is of an earlier day, and one is that Jira never had.
  const scratch = join(server.dataDir, 'wrong.parquet');
  await readRows(`COPY (SELECT * REPLACE (
      CASE issue_key WHEN 'MEND-3' THEN '1' ELSE issue_id END AS issue_id,
      updated_at - INTERVAL 1 DAY AS updated_at) FROM '${fileOf('issues', middle!).path}') TO '${scratch}'`);
  const wrong = await publishFile({
    staged: scratch,
    folder: dirname(fileOf('issues', middle!).path),
    beforeStep() {},
  });
  const state = stateOf('issues');
  const files = state.files.map((file) => (file.partition === middle ? { ...file, ...wrong } : file));
  await services.store.write((tx) => upsertTableStates(tx, [{ ...state, files }]));
  // A byte of another was changed on the disk, which its length does not tell.
  const { path } = fileOf('changelog', oldest!);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 255;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);

  expect(await checked()).toEqual({ missing: 1, stale: 1, surplus: 1, damaged: 1, rewritten: [oldest, middle] });
  await expectSameAsJira(jira, { server, source: 'mend', project: 'MEND' });
  expect(await checked()).toEqual({ missing: 0, stale: 0, surplus: 0, damaged: 0, rewritten: [] });
});
