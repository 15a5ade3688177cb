import type { PublishedTable } from '../contract.ts';
import { checkPublished, type PublishedReport } from './check-published.ts';
import type { Gatherer } from './gatherer.ts';
import { instantOf } from './issue.ts';
import { scopeJql, search } from './search.ts';

/** What a check found and mended. */
export interface ConsistencyReport {
  /** How many days it looked back; null: at all issues. */
  days: number | null;
  inJira: number;
  kept: number;
  /** Issues that Jira has and we had not, or had with another change; they were asked for. */
  missing: number;
  stale: number;
  /** Issues that we had and the search did not find; each was asked for. */
  surplus: number;
  deleted: number;
  failed: number;
  /** Issues whose file could not be read; they were asked for. */
  unreadable: number;
  /** True when so many were not found that none was touched: look whether the account still sees its projects. */
  needsReview: boolean;
  /** What was wrong with the tables themselves; their months are written anew. */
  published: PublishedReport;
  /** At most 20 of the keys that were missing, stale, surplus or unreadable. */
  examples: string[];
}

const graceMinutes = 5;
const mostExamples = 20;

/**
 * Compares the issues that Jira finds, with the instants of their last changes, with those that are kept, and asks for each that
 * differs; then the published tables with what is kept. Where more than a tenth of what is kept, and more than ten, are not found,
 * nothing is taken away.
 */
export async function checkConsistency(
  gatherer: Gatherer,
  { days, published }: { days: number | null; published: readonly PublishedTable[] },
): Promise<ConsistencyReport> {
  const { index, store } = gatherer;
  const [before, after] = [Date.now() - graceMinutes * 60_000, days === null ? 0 : Date.now() - days * 86_400_000];
  const inJira = await findInJira(gatherer, days);
  const kept = [...index.issues()].filter(([, { created }]) => {
    const at = instantOf(created)?.getTime() ?? 0;
    return days === null || (at >= after && at <= before);
  });
  const known = new Map(index.issues());
  const missing = [...inJira].filter(([id]) => !known.has(id)).map(([, { key }]) => key);
  const stale = [...inJira].flatMap(([id, found]) => {
    const ours = known.get(id);
    return ours && (ours.key !== found.key || ours.updated !== found.updated) ? [found.key] : [];
  });
  const surplus = kept.filter(([id]) => !inJira.has(id)).map(([id]) => id);
  const unreadable: string[] = [];
  for (const [, { key }] of kept) if (!(await store.read(key))) unreadable.push(key);
  const needsReview = surplus.length > 10 && surplus.length > kept.length / 10;
  const surplusKeys = surplus.map((id) => known.get(id)!.key);
  const { counts, failed } = await gatherer.refreshAll([
    ...new Set([...missing, ...stale, ...unreadable, ...(needsReview ? [] : surplus)]),
  ]);
  const firstMonth = days === null ? '' : new Date(after).toISOString().slice(0, 7);
  return {
    days,
    inJira: inJira.size,
    kept: kept.length,
    missing: missing.length,
    stale: stale.length,
    surplus: surplus.length,
    deleted: counts.deleted,
    failed: failed.size,
    unreadable: unreadable.length,
    needsReview,
    published: await checkPublished(gatherer, { published, firstMonth }),
    examples: [...missing, ...stale, ...surplusKeys, ...unreadable].slice(0, mostExamples),
  };
}

async function findInJira(
  gatherer: Gatherer,
  days: number | null,
): Promise<Map<string, { key: string; updated: string }>> {
  const within = days === null ? undefined : `created >= "-${days}d" AND created <= "-${graceMinutes}m"`;
  const jql = scopeJql(gatherer.context.config, within);
  const found = new Map<string, { key: string; updated: string }>();
  for await (const { id, key, fields } of search(gatherer.client, { jql, fields: ['created', 'updated'] })) {
    found.set(id, { key, updated: String(fields['updated']) });
  }
  return found;
}
