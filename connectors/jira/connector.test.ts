import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openExtraction } from '../../src/engine/extraction.ts';
import { JiraStandIn, paragraph } from '../../tests/connectors/jira-stand-in.ts';
import { readRows } from '../../tests/kit/parquet-rows.ts';
import { scratchFolder } from '../../tests/kit/scratch-folder.ts';
import { notedPause } from '../../tests/kit/short-pause.ts';
import type { ConnectorContext, Gathered } from '../contract.ts';
import { safeName } from './attachments.ts';
import { retryAfterSeconds } from './client.ts';
import { sourceConfig, tableKinds, type JiraSource, type TableKind } from './config.ts';
import { connector } from './connector.ts';

let jira: JiraStandIn;
let folder: string;
let pauses: number[];

beforeEach(async () => {
  jira = await JiraStandIn.start();
  folder = join(scratchFolder(), 'raw');
  pauses = [];
});
afterEach(() => jira.close());

function contextOf(
  more: Record<string, unknown> = {},
  signal = new AbortController().signal,
): ConnectorContext<JiraSource> {
  const config = sourceConfig.parse({ ...jira.config, ...more });
  return { config, folder, signal, pause: notedPause(pauses), readEnv: (name) => jira.environment[name] };
}

function gather(
  more: Record<string, unknown> = {},
  request: { tasks?: string[]; fullRefresh?: boolean } = {},
): Promise<Gathered> {
  const { tasks = null, fullRefresh = false } = request;
  return connector.gather!(contextOf(more), { events: [], tasks, fullRefresh, published: [] });
}

/** A table built from what is kept, with how many columns it has. */
async function build(
  table: TableKind,
  { select = '*', ...more }: Record<string, unknown> = {},
): Promise<{ found: Record<string, unknown>[]; columns: number }> {
  const extraction = await openExtraction({ extractsDir: scratchFolder(), source: 'tested' });
  try {
    const target = extraction.table(table);
    const answer = await connector.extract(contextOf(more), { id: '1', name: table, options: { table } }, target.sink);
    const { files, columns } = await target.finish({ joins: answer?.joins });
    const list = files.map(({ path }) => `'${path}'`).join(', ');
    const found = await readRows(`SELECT ${String(select)} FROM read_parquet([${list}]) ORDER BY ALL`);
    return { found, columns: columns.length };
  } finally {
    await extraction.close();
  }
}

async function rows(table: TableKind, more: Record<string, unknown> = {}): Promise<Record<string, unknown>[]> {
  return (await build(table, more)).found;
}

const asked = (path: RegExp) => jira.requests.filter((request) => path.test(request.path)).length;

test('an empty project has six tables with their columns and no rows', async () => {
  await gather();
  const columns = { issues: 28, comments: 8, attachments: 11, changelog: 9, issuelinks: 8, remote_links: 6 };
  for (const table of tableKinds) expect(await build(table), table).toEqual({ found: [], columns: columns[table] });
});

test('every page of comments and of the changelog is read, each entry once', async () => {
  const issue = jira.add('PAGE-1');
  for (let number = 1; number <= 230; number += 1) jira.comment(issue, `Comment ${number}`);
  for (let number = 1; number <= 120; number += 1) jira.change(issue, { summary: `Summary ${number}` });
  await gather();
  const [comments] = await rows('comments', { select: 'count(*)::INT AS n, count(DISTINCT comment_id)::INT AS d' });
  const [changes] = await rows('changelog', { select: 'count(*)::INT AS n, count(DISTINCT change_id)::INT AS d' });
  expect([comments, changes]).toEqual([
    { n: 230, d: 230 },
    { n: 120, d: 120 },
  ]);
});

test('an issue has the columns that are promised, and times are instants whatever their offset', async () => {
  const issue = jira.add('ROW-14991', {
    created: '2026-01-01T00:30:00.250+0100',
    duedate: '2026-03-01',
    description: paragraph('Some text'),
  });
  issue.remoteLinks.push({
    id: 7,
    object: { url: 'https://example.com/page', title: 'Page' },
    application: { name: 'Wiki', type: 'wiki' },
  });
  jira.attach(issue, { filename: 'a b.txt', bytes: Buffer.from('abc') });
  await gather();
  const [row] = await rows('issues', {
    select: '* REPLACE (created_at::VARCHAR AS created_at, updated_at IS NOT NULL AS updated_at)',
  });
  expect(row).toMatchObject({
    issue_key: 'ROW-14991',
    issue_url: `${jira.url}/browse/ROW-14991`,
    description: 'Some text',
    status_category: 'To Do',
    creator_email: 'ada@example.com',
    assignee_email: null,
    created_at: '2025-12-31 23:30:00.25+00',
    due_date: '2026-03-01',
    labels: '["one"]',
    _raw_file: 'issues/ROW-14991.json',
  });
  const [attachment] = await rows('attachments', {
    select: 'attachment_id, filename, hierarchical_path, local_path, size_bytes::INT AS size',
  });
  expect(attachment).toMatchObject({
    filename: 'a b.txt',
    hierarchical_path: `14/991/${String(attachment!['attachment_id'])}_a b.txt`,
    local_path: null,
    size: 3,
  });
  expect(await rows('remote_links')).toEqual([
    {
      issue_key: 'ROW-14991',
      remote_link_id: '7',
      url: 'https://example.com/page',
      title: 'Page',
      application_name: 'Wiki',
      application_type: 'wiki',
    },
  ]);
});

test('custom fields are what the configuration says; another kind makes other columns of what is kept, without Jira', async () => {
  const cycle = { breached: true, goalDuration: { millis: 100 }, elapsedTime: { millis: 150 } };
  jira.add('FIELD-1', {
    field1: { value: 'High' },
    field2: [{ value: 'a' }, { name: 'b' }],
    field3: { ongoingCycle: cycle, completedCycles: [] },
    field4: { requestType: { name: 'Access' }, currentStatus: { status: 'Waiting' } },
    field5: { rating: 4 },
    field6: [{ emailAddress: 'ada@example.com' }, { displayName: 'Bob' }],
    field7: 12.5,
    field8: 'no SLA',
  });
  const fields = (kinds: Record<string, string>) =>
    Object.entries(kinds).map(([column, kind]) => ({ column, field: `field${column.slice(1)}`, kind }));
  const customFields = fields({
    c1: 'option',
    c2: 'options',
    c3: 'sla',
    c4: 'requestType',
    c5: 'satisfaction',
    c6: 'users',
    c7: 'number',
    c8: 'sla',
  });
  await gather();
  const [row] = await rows('issues', { customFields });
  expect(row).toMatchObject({
    c1: 'High',
    c2: '["a","b"]',
    c3_breached: 'True',
    c4: 'Access',
    c6: '["ada@example.com","Bob"]',
    c7: 12.5,
    c8_breached: null,
  });
  expect([row!['c3_goal_millis'], row!['c3_elapsed_millis'], row!['c5']].map(Number)).toEqual([100, 150, 4]);
  jira.requests.length = 0;
  const [again] = await rows('issues', { customFields: [{ column: 'c7', field: 'field7', kind: 'json' }] });
  expect(again).toMatchObject({ c7: '12.5' });
  expect(jira.requests).toEqual([]);
  const twin = connector.check(contextOf({ customFields: [{ column: 'summary', field: 'field7', kind: 'text' }] }));
  await expect(twin).rejects.toThrow('the column summary twice');
});

test('429 with Retry-After is waited for as long as Jira asks, and faults that pass are tried again', async () => {
  for (let number = 1; number <= 5; number += 1) jira.add(`WAIT-${number}`);
  jira.fail(/search\/jql/, 429, { headers: { 'Retry-After': '1' } });
  jira.fail(/issue\/WAIT-2\?/, 503);
  jira.fail(/issue\/WAIT-3\?/, 429, { headers: { 'Retry-After': '1' }, times: 2 });
  await gather();
  expect(pauses.filter((seconds) => seconds > 0.8 && seconds <= 1).length).toBeGreaterThanOrEqual(3);
  expect(await rows('issues', { select: 'issue_key' })).toHaveLength(5);
  expect(jira.mostAtOnce).toBeLessThanOrEqual(4);
  expect([
    retryAfterSeconds('7'),
    retryAfterSeconds('99999'),
    retryAfterSeconds('soon'),
    retryAfterSeconds(null),
  ]).toEqual([7, 120, null, null]);
});

test('a wrong token, a wrong address and wrong JQL are told in a sentence, and the token is in none', async () => {
  const wrong = { ...contextOf(), readEnv: () => 'a wrong token of the account' };
  await expect(connector.check(wrong)).rejects.toThrow('does not accept the account (401)');
  await expect(connector.check(contextOf({ jql: 'broken' }))).rejects.toThrow('refused the request (400)');
  jira.fail(/myself/, 302, { headers: { Location: `${jira.mediaUrl}/elsewhere` } });
  await expect(connector.check(contextOf())).rejects.toThrow('points elsewhere (302)');
  expect(jira.mediaRequests).toEqual([]);
  for (const baseUrl of [
    'http://example.com',
    'https://localhost:secret@example.com',
    'ftp://example.com',
    'example.com',
    'https://example.com/?x',
  ]) {
    expect(sourceConfig.safeParse({ ...jira.config, baseUrl }).success, baseUrl).toBe(false);
  }
});

test('a reading that is cut off goes on at its page, and a later one asks only for what changed', async () => {
  for (let number = 1; number <= 150; number += 1) jira.add(`READ-${number}`);
  jira.fail(/issue\/READ-120\?/, 403);
  await expect(gather()).rejects.toThrow('(403)');
  const before = asked(/issue\/READ-\d+\?/);
  expect(before).toBeGreaterThanOrEqual(100);
  await gather();
  expect(await rows('issues', { select: 'count(*)::INT AS n' })).toEqual([{ n: 150 }]);
  // What the first reading had kept was not asked for again.
  expect(asked(/issue\/READ-1\?/)).toBe(1);
  const kept = readFileSync(join(folder, 'issues/READ-2.json'), 'utf8');
  jira.requests.length = 0;
  jira.change(jira.byKey('READ-7'), { summary: 'Changed' });
  const { report } = await gather();
  expect(report).toMatchObject({ issues: { changed: 1 } });
  expect(asked(/issue\/READ-\d+\?/)).toBe(1);
  await gather({}, { fullRefresh: true });
  expect(asked(/issue\/READ-\d+\?/)).toBe(151);
  expect(readFileSync(join(folder, 'issues/READ-2.json'), 'utf8')).toBe(kept);
});

test('the check finds what is missing, stale, surplus and unreadable, and mends it; a mass of surplus is left for review', async () => {
  for (let number = 1; number <= 30; number += 1)
    jira.add(`CHECK-${number}`, {
      created: new Date(Date.now() - 3_600_000 * number).toISOString().replace('Z', '+0000'),
    });
  await gather();
  jira.issues.delete(jira.byKey('CHECK-3').id);
  jira.change(jira.byKey('CHECK-4'), { summary: 'Not told' });
  jira.add('CHECK-40', { created: new Date(Date.now() - 7_200_000).toISOString().replace('Z', '+0000') });
  writeFileSync(join(folder, 'issues/CHECK-5.json'), '');
  const { report } = await gather({}, { tasks: ['consistencyCheck'] });
  expect(report).toEqual({
    consistencyCheck: {
      days: 30,
      inJira: 30,
      kept: 30,
      missing: 1,
      stale: 1,
      surplus: 1,
      deleted: 1,
      failed: 0,
      unreadable: 1,
      needsReview: false,
      published: { missing: 0, stale: 0, surplus: 0, damaged: 0, rewritten: [] },
      examples: ['CHECK-40', 'CHECK-4', 'CHECK-3', 'CHECK-5'],
    },
  });
  expect(await rows('issues', { select: 'count(*)::INT AS n' })).toEqual([{ n: 30 }]);
  expect((await gather({}, { tasks: ['deepCheck'] })).report).toMatchObject({
    deepCheck: { days: null, missing: 0, stale: 0, surplus: 0, unreadable: 0 },
  });
  // The account has lost its projects: nothing may be taken for deleted.
  jira.hidden = true;
  expect((await gather({}, { tasks: ['deepCheck'] })).report).toMatchObject({
    deepCheck: { surplus: 30, deleted: 0, needsReview: true },
  });
  expect(await rows('issues', { select: 'count(*)::INT AS n' })).toEqual([{ n: 30 }]);
});

test('agreements and remote links of open issues are asked for by tasks', async () => {
  const issue = jira.add('TASK-1', { field3: { ongoingCycle: { breached: false, elapsedTime: { millis: 1 } } } });
  jira.add('TASK-2', { status: { name: 'Done', statusCategory: { key: 'done', name: 'Done' } } });
  const customFields = [{ column: 'reaction', field: 'field3', kind: 'sla' }];
  await gather({ customFields });
  issue.fields['field3'] = { ongoingCycle: { breached: true, elapsedTime: { millis: 2 } } };
  issue.remoteLinks.push({ id: 1, object: { url: 'https://example.com' } });
  const { report } = await gather({ customFields }, { tasks: ['slaPoll', 'remoteLinks'] });
  expect(report).toEqual({ slaPoll: { open: 1, changed: 1 }, remoteLinks: { open: 1, changed: 1 } });
  expect(await rows('issues', { customFields, select: 'reaction_breached' })).toContainEqual({
    reaction_breached: 'True',
  });
  expect(await rows('remote_links', { select: 'url' })).toEqual([{ url: 'https://example.com' }]);
});

test('agreements that only the second account sees come from its address, at once and by the task', async () => {
  const other = await JiraStandIn.start();
  try {
    jira.add('SLA-1', { field3: { errorMessage: 'no licence' } });
    const seen = other.add('SLA-1', { field3: { ongoingCycle: { breached: false, elapsedTime: { millis: 1 } } } });
    const more = {
      customFields: [{ column: 'reaction', field: 'field3', kind: 'sla' }],
      sla: { baseUrl: other.url, email: other.email, tokenEnv: 'JIRA_API_TOKEN' },
    };
    await gather(more);
    const select = 'reaction_breached AS breached, reaction_elapsed_millis::INT AS elapsed';
    expect(await rows('issues', { ...more, select })).toEqual([{ breached: 'False', elapsed: 1 }]);
    seen.fields['field3'] = { ongoingCycle: { breached: true, elapsedTime: { millis: 2 } } };
    const { report } = await gather(more, { tasks: ['slaPoll'] });
    expect(report).toEqual({ slaPoll: { open: 1, changed: 1 } });
    expect(await rows('issues', { ...more, select })).toEqual([{ breached: 'True', elapsed: 2 }]);
    // What the second account does not see any more is kept as it was seen last.
    seen.fields['field3'] = null;
    await gather(more, { tasks: ['slaPoll'] });
    expect(await rows('issues', { ...more, select })).toEqual([{ breached: 'True', elapsed: 2 }]);
  } finally {
    await other.close();
  }
});

test('copies of attachments: within the size, under a safe name, and the token goes to the site alone', async () => {
  const issue = jira.add('FILE-1');
  const kept = jira.attach(issue, { filename: '../../evil\0name.txt', bytes: Buffer.from('kept') });
  jira.attach(issue, { filename: 'large.bin', bytes: Buffer.alloc(2000) });
  const foreign = jira.attach(issue, {
    filename: 'foreign.txt',
    bytes: Buffer.from('x'),
    content: `${jira.mediaUrl}/file/1`,
  });
  await gather({ attachments: { maximumBytes: 1000 } });
  expect(jira.mediaRequests).toEqual([{ method: 'GET', path: `/file/${kept}`, authorization: undefined }]);
  const copies = await rows('attachments', { select: 'attachment_id, local_path' });
  const path = copies.find((row) => row['attachment_id'] === kept)!['local_path'] as string;
  expect(path).toBe(`attachments/FILE-1/${kept}_${safeName('../../evil\0name.txt')}`);
  expect(path.split('/')).toHaveLength(3);
  expect(readFileSync(join(folder, path), 'utf8')).toBe('kept');
  expect(copies.filter((row) => row['local_path'] !== null)).toHaveLength(1);
  expect(copies.find((row) => row['attachment_id'] === foreign)!['local_path']).toBeNull();
  // What runs that were killed left behind, also of an issue that was never kept.
  const leftovers = ['.staged/half', 'rows/2026-01.part/issues.json', 'attachments/GONE-1/7_file.txt'];
  for (const leftover of leftovers) {
    mkdirSync(join(folder, leftover, '..'), { recursive: true });
    writeFileSync(join(folder, leftover), 'half');
  }
  jira.detach(issue, kept);
  await gather({ attachments: { maximumBytes: 1000 } });
  expect([path, ...leftovers].filter((left) => existsSync(join(folder, left)))).toEqual([]);
});

test('files that the predecessor left are taken over, deleted issues as deleted; those of another site are not', async () => {
  const alive = {
    id: '1',
    key: 'OLD-1',
    fields: { created: '2024-05-01T10:00:00.000+0000', updated: '2024-05-01T10:00:00.000+0000', summary: 'Old' },
    _synced_at: '2024-05-02',
  };
  const gone = { ...alive, id: '2', key: 'OLD-2', _deleted_at: '2024-06-01' };
  mkdirSync(join(folder, 'issues'), { recursive: true });
  for (const issue of [alive, gone]) writeFileSync(join(folder, `issues/${issue.key}.json`), JSON.stringify(issue));
  await gather({}, { tasks: [] });
  expect(await rows('issues', { select: 'issue_key, summary' })).toEqual([{ issue_key: 'OLD-1', summary: 'Old' }]);
  expect(readdirSync(folder)).toContain('site.json');
  const other = await JiraStandIn.start();
  try {
    await gather({ baseUrl: other.url }, { tasks: [] });
    expect(await rows('issues', { baseUrl: other.url })).toEqual([]);
  } finally {
    await other.close();
  }
});
