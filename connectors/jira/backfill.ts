import { JiraRefusal } from './client.ts';
import type { Gatherer } from './gatherer.ts';
import { isRecord } from './issue.ts';
import { scopeJql, search, searchPage } from './search.ts';

/** How far a full reading has come: `backfill.json` below the folder of the source. */
interface Progress {
  jql: string;
  startedAt: string;
  nextPageToken: string | null;
  /** Set when every page was read: issues that changed from `startedAt` on are asked for from then on. */
  finished: boolean;
}

/** What a reading brought. */
export interface Reading {
  seen: number;
  changed: number;
  failed: number;
}

/** Jira forgets where a search stood after 7 days. */
const longestBreakMs = 6 * 24 * 3_600_000;
const overlapMinutes = 10;

/**
 * Reads every issue that is wanted, page after page, or, once that was done, those that changed since. A reading that was cut off
 * goes on at its last page. With `fullRefresh` all are read again; otherwise an issue is not asked for again while it says the
 * same instant of its last change.
 */
export async function readIssues(gatherer: Gatherer, { fullRefresh }: { fullRefresh: boolean }): Promise<Reading> {
  const jql = scopeJql(gatherer.context.config);
  const last = await readProgress(gatherer);
  if (last && last.jql === jql && last.finished && !fullRefresh) return readChanged(gatherer, last);
  const goesOn =
    last !== null && last.jql === jql && !last.finished && Date.now() - Date.parse(last.startedAt) < longestBreakMs;
  const begun = goesOn ? last : { jql, startedAt: new Date().toISOString(), nextPageToken: null, finished: false };
  try {
    return await readPages(gatherer, begun, fullRefresh);
  } catch (error) {
    // Where the search stood is not known to Jira any more.
    if (!(error instanceof JiraRefusal) || error.status !== 400 || begun.nextPageToken === null) throw error;
    return readPages(gatherer, { ...begun, nextPageToken: null }, fullRefresh);
  }
}

async function readPages(gatherer: Gatherer, begun: Progress, fullRefresh: boolean): Promise<Reading> {
  const reading = { seen: 0, changed: 0, failed: 0 };
  for (let { nextPageToken } = begun; ;) {
    const page = await searchPage(gatherer.client, { jql: begun.jql, fields: ['created', 'updated'], nextPageToken });
    await refreshFound(gatherer, { reading, fullRefresh, issues: page.issues });
    ({ nextPageToken } = page);
    const finished = nextPageToken === null;
    await gatherer.store.writeFile(
      'backfill.json',
      JSON.stringify({ ...begun, nextPageToken, finished } satisfies Progress),
    );
    if (finished) return reading;
  }
}

async function readChanged(gatherer: Gatherer, last: Progress): Promise<Reading> {
  const reading = { seen: 0, changed: 0, failed: 0 };
  const startedAt = new Date().toISOString();
  const issues = [];
  const minutes = Math.ceil((Date.now() - Date.parse(last.startedAt)) / 60_000) + overlapMinutes;
  const jql = changedJql(gatherer, minutes);
  for await (const issue of search(gatherer.client, { jql, fields: ['created', 'updated'] })) issues.push(issue);
  await refreshFound(gatherer, { reading, fullRefresh: false, issues });
  await gatherer.store.writeFile('backfill.json', JSON.stringify({ ...last, startedAt } satisfies Progress));
  return reading;
}

/** Finds the issues that changed in the last minutes; relative, because JQL reads times in the zone of the account. */
export function changedJql(gatherer: Gatherer, minutes: number): string {
  return scopeJql(gatherer.context.config, `updated >= "-${minutes}m"`);
}

async function refreshFound(
  gatherer: Gatherer,
  given: { reading: Reading; fullRefresh: boolean; issues: Awaited<ReturnType<typeof searchPage>>['issues'] },
): Promise<void> {
  const { reading, fullRefresh, issues } = given;
  const wanted = issues.filter(({ id, key, fields }) => {
    const known = gatherer.index.get(id);
    return fullRefresh || known?.key !== key || known.updated !== String(fields['updated']);
  });
  const { counts, failed } = await gatherer.refreshAll(wanted.map(({ key }) => key));
  const [fault] = failed.values();
  // A page counts as read only when each of its issues is kept: otherwise the next run begins with it again.
  if (fault) throw fault;
  reading.seen += issues.length;
  reading.changed += counts.changed + counts.deleted;
  reading.failed += failed.size;
}

async function readProgress(gatherer: Gatherer): Promise<Progress | null> {
  const value = await gatherer.store.readJson('backfill.json');
  return isRecord(value) && typeof value['jql'] === 'string' && typeof value['startedAt'] === 'string'
    ? (value as unknown as Progress)
    : null;
}
