import type { PublishedTable } from '../contract.ts';
import { tableOptions } from './config.ts';
import type { Gatherer } from './gatherer.ts';
import { instantOf } from './issue.ts';
import { readRewrites, writeRewrites } from './rewrites.ts';

/** What a check found of the tables as they are published, and mends. */
export interface PublishedReport {
  /** Issues that the table `issues` shall have and has not. */
  missing: number;
  /** Issues that it has with another key or another instant of the last change. */
  stale: number;
  /** Issues that it has and Jira has not, or that it has twice. */
  surplus: number;
  /** Files that are gone or do not hold what was published. */
  damaged: number;
  /** The months that this run writes anew, in all tables. */
  rewritten: string[];
}

interface Found {
  readonly key: string | null;
  readonly updatedMs: number | null;
}

/**
 * Compares the published tables with the kept issues, which are by now those of Jira, for months that are not before `firstMonth`,
 * and has each month that differs written anew. What this run itself changed does not count: it is published at its end.
 */
export async function checkPublished(
  gatherer: Gatherer,
  given: { published: readonly PublishedTable[]; firstMonth: string },
): Promise<PublishedReport> {
  const report: PublishedReport = { missing: 0, stale: 0, surplus: 0, damaged: 0, rewritten: [] };
  const wrong = new Set<string>();
  for (const table of given.published) {
    const isIssues = tableOptions.safeParse(table.options).data?.table === 'issues';
    const months = new Set([...table.partitions, ...(isIssues ? gatherer.index.months() : [])]);
    for (const month of [...months].filter((name) => name >= given.firstMonth)) {
      gatherer.context.signal.throwIfAborted();
      const isWhole = await table.isWhole(month);
      if (!isWhole) report.damaged += 1;
      const differs = isWhole && isIssues && (await compareIssues(gatherer, { table, month, report }));
      if (!isWhole || differs) wrong.add(month);
    }
  }
  report.rewritten = [...wrong].toSorted();
  if (wrong.size > 0) {
    const at = new Date().toISOString();
    const marks = Object.fromEntries(report.rewritten.map((month) => [month, at]));
    await writeRewrites(gatherer.store, { ...(await readRewrites(gatherer.store)), ...marks });
  }
  return report;
}

/** Whether the month has other issues than it shall; counts them. */
async function compareIssues(
  { index, touched }: Gatherer,
  given: { table: PublishedTable; month: string; report: PublishedReport },
): Promise<boolean> {
  const { table, month, report } = given;
  const rows = await table.rows(month, ['issue_id', 'issue_key', 'updated_at']);
  const found = new Map<string, Found>();
  let differing = 0;
  const count = (kind: 'missing' | 'stale' | 'surplus') => {
    report[kind] += 1;
    differing += 1;
  };
  for (const { issue_id: id, issue_key: key = null, updated_at: updated } of rows) {
    if (found.has(String(id))) count('surplus');
    found.set(String(id), { key, updatedMs: msOf(updated?.replace(' ', 'T').replace(/\+00$/, 'Z')) });
  }
  const wanted = new Map(index.ofMonth(month));
  for (const [id, { key, updated }] of wanted) {
    const row = found.get(id);
    if (touched.has(id)) continue;
    if (!row) count('missing');
    else if (row.key !== key || row.updatedMs !== msOf(updated)) count('stale');
  }
  for (const id of found.keys()) if (!wanted.has(id) && !touched.has(id)) count('surplus');
  return differing > 0;
}

function msOf(time: string | null | undefined): number | null {
  return instantOf(time)?.getTime() ?? null;
}
