import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ConnectorContext,
  Gathered,
  GatherRequest,
  PublishedTable,
  SourceTask,
  WaitingEvent,
} from '../contract.ts';
import { changedJql, readIssues } from './backfill.ts';
import { checkConsistency } from './check-consistency.ts';
import type { JiraSource } from './config.ts';
import { Gatherer } from './gatherer.ts';
import { pollSla, refreshRemoteLinks } from './poll-tasks.ts';
import { search } from './search.ts';
import { recentKey } from './webhook.ts';

const recentMinutes = 30;
/** An issue that cannot be had for so long is left to the next sync and the next check. */
const givenUpAfterMs = 3_600_000;

/** What a source can do besides its sync, by the names of its schedules. */
const tasks: Record<string, (gatherer: Gatherer, published: readonly PublishedTable[]) => Promise<unknown>> = {
  slaPoll: pollSla,
  remoteLinks: refreshRemoteLinks,
  consistencyCheck: (gatherer, published) =>
    checkConsistency(gatherer, { days: gatherer.context.config.checkedDays, published }),
  deepCheck: (gatherer, published) => checkConsistency(gatherer, { days: null, published }),
};

/** The tasks of a source with their schedules. */
export function tasksOf({ schedules }: JiraSource): SourceTask[] {
  return Object.keys(tasks).map((name) => ({ name, schedule: schedules[name as keyof typeof schedules] ?? null }));
}

/** Brings the kept issues up to date: what the webhook told, then the tasks or the whole source. */
export async function gatherIssues(context: ConnectorContext<JiraSource>, request: GatherRequest): Promise<Gathered> {
  const gatherer = await Gatherer.open(context);
  await rm(join(gatherer.store.folder, 'rows'), { recursive: true, force: true });
  const report: Record<string, unknown> = {};
  const handled = await workOffEvents(gatherer, { events: request.events, report });
  if (request.tasks === null) {
    report['issues'] = await readIssues(gatherer, request);
    if (request.fullRefresh) report['deepCheck'] = await tasks['deepCheck']!(gatherer, request.published);
  }
  for (const name of request.tasks ?? []) report[name] = await tasks[name]?.(gatherer, request.published);
  return { handled, ...(Object.keys(report).length > 0 && { report }) };
}

async function workOffEvents(
  gatherer: Gatherer,
  { events, report }: { events: readonly WaitingEvent[]; report: Record<string, unknown> },
): Promise<string[]> {
  if (events.length === 0) return [];
  const nameOf = (key: string) => gatherer.index.get(key)?.key ?? key;
  const keys = new Set(events.map(({ key }) => nameOf(key)));
  if (keys.delete(recentKey)) {
    const jql = changedJql(gatherer, recentMinutesOf(events));
    for await (const { key } of search(gatherer.client, { jql, fields: ['updated'] })) keys.add(key);
  }
  const { counts, failed } = await gatherer.refreshAll([...keys]);
  const isLate = ({ receivedAt }: WaitingEvent) => Date.now() - receivedAt.getTime() > givenUpAfterMs;
  const failures = [...failed].slice(0, 20).map(([key, { message }]) => ({ key, message }));
  report['events'] = { received: events.length, ...counts, ...(failures.length > 0 && { failures }) };
  const isHandled = ({ key }: WaitingEvent) => (key === recentKey ? failed.size === 0 : !failed.has(nameOf(key)));
  return events.filter((event) => isLate(event) || isHandled(event)).map(({ id }) => id);
}

/** As far back as the oldest event that names no issue waits, and a while before it. */
function recentMinutesOf(events: readonly WaitingEvent[]): number {
  const oldest = Math.min(
    ...events.filter(({ key }) => key === recentKey).map(({ receivedAt }) => receivedAt.getTime()),
  );
  return Math.ceil((Date.now() - oldest) / 60_000) + recentMinutes;
}
