import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorContext, ExtractResult, RowSink, TableSink } from '../contract.ts';
import { tableKinds, type JiraSource, type TableKind } from './config.ts';
import { fetchIssue } from './fetch-issue.ts';
import { isRecord, type RawIssue } from './issue.ts';
import { Lines } from './lines.ts';
import { monthNames, readMonth, type IndexedIssue } from './month-index.ts';
import { demandFolder, openClient } from './open-jira.ts';
import { digestOf, RawStore } from './raw-store.ts';
import { readRewrites } from './rewrites.ts';
import { rowsOf, typesOf } from './rows.ts';

/** Stands for the months of a table without any, so that it has columns. */
const noMonth = 'none';

interface Work {
  context: ConnectorContext<JiraSource>;
  store: RawStore;
  table: TableKind;
}

/**
 * Writes the months whose issues are others than those that the cursor names, and those that a check marked, each as one partition,
 * and drops those that are gone.
 * All rows of an issue are in the month, in UTC, in which it was created.
 */
export async function writeMonths(
  context: ConnectorContext<JiraSource>,
  given: { table: TableKind; cursor: string | undefined },
  sink: TableSink,
): Promise<ExtractResult> {
  const work = { context, store: new RawStore(demandFolder(context)), table: given.table };
  const before = readCursor(given.cursor);
  const rewrites = await readRewrites(work.store);
  const months = new Map<string, { digest: string; issues: [string, IndexedIssue][] }>();
  for (const month of await monthNames(work.store)) {
    const issues = await readMonth(work.store, month);
    if (!issues) throw new Error('What was gathered from Jira is damaged; start a sync of the source.');
    if (issues.length === 0) continue;
    const marked = month in rewrites ? [rewrites[month], issues] : issues;
    months.set(month, { digest: digestOf(JSON.stringify(marked)), issues });
  }
  const known = Object.keys({ ...before, ...rewrites }).filter((month) => month !== noMonth);
  for (const month of known) if (!months.has(month)) await sink.dropPartition(month);
  if (months.size > 0) await sink.dropPartition(noMonth);
  else await writeNothing(work, sink);
  for (const [month, { digest, issues }] of months) {
    context.signal.throwIfAborted();
    if (before[month] === digest) continue;
    const path = await rowsFile(work, { month, digest, issues });
    await writeRows(work, { sink: sink.partition(month), path, month });
  }
  const cursor = JSON.stringify(Object.fromEntries([...months].map(([month, { digest }]) => [month, digest])));
  return { joins: 'partitions', cursor };
}

function readCursor(cursor: string | undefined): Record<string, unknown> {
  const value: unknown = cursor === undefined ? {} : JSON.parse(cursor);
  return isRecord(value) ? value : {};
}

async function writeNothing(work: Work, sink: TableSink): Promise<void> {
  const path = join(await sink.scratchFolder(), 'none.json');
  await writeFile(path, '[]');
  await writeRows(work, { sink: sink.partition(noMonth), path, month: noMonth });
}

async function writeRows(
  { context, table }: Work,
  given: { sink: RowSink; path: string; month: string },
): Promise<void> {
  const { sink, path, month } = given;
  await sink.json({ path, name: `${table} of ${month}` }, { types: { ...typesOf(table, context.config) } });
}

/** The rows of one month of a table; those of all six are made at once, because each needs every issue of the month. */
async function rowsFile(
  { context, store, table }: Work,
  { month, digest, issues }: { month: string; digest: string; issues: [string, IndexedIssue][] },
): Promise<string> {
  const { baseUrl, customFields } = context.config;
  const folder = join(store.folder, 'rows', `${month}-${digest}-${digestOf(JSON.stringify([baseUrl, customFields]))}`);
  const path = join(folder, `${table}.json`);
  if (await stat(path).catch(() => null)) return path;
  const staged = `${folder}.part`;
  await mkdir(staged, { recursive: true });
  const files: { kind: TableKind; lines: Lines }[] = [];
  try {
    for (const kind of tableKinds) files.push({ kind, lines: await Lines.open(join(staged, `${kind}.json`)) });
    for (const [, { key }] of issues) {
      context.signal.throwIfAborted();
      const issue = (await store.read(key)) ?? (await fetchAgain({ context, store }, key));
      for (const { kind, lines } of files) for (const row of rowsOf(kind, issue, context.config)) await lines.add(row);
    }
    for (const { lines } of files) await lines.end();
  } finally {
    for (const { lines } of files) await lines.close();
  }
  await rename(staged, folder);
  return path;
}

/** A file of the store that cannot be read costs no rows: Jira is asked again. */
async function fetchAgain({ context, store }: Pick<Work, 'context' | 'store'>, key: string): Promise<RawIssue> {
  const issue = await fetchIssue(openClient(context), key);
  if (issue?.key !== key)
    throw new Error(`The issue ${key} cannot be read any more; start a sync of the source with a full refresh.`);
  const kept = { ...issue, _synced_at: new Date().toISOString() };
  await store.write(kept);
  return kept;
}
