import type { ConnectorContext } from '../contract.ts';
import { Attachments } from './attachments.ts';
import { JiraRefusal, type JiraClient } from './client.ts';
import type { JiraSource } from './config.ts';
import { fetchIssue } from './fetch-issue.ts';
import { isIssueKey, isRecord, projectOf, type RawIssue } from './issue.ts';
import { dropIssue, keepIssue, type Keeping } from './keep-issue.ts';
import { MonthIndex } from './month-index.ts';
import { demandFolder, openClient, openSlaClient } from './open-jira.ts';
import { RawStore } from './raw-store.ts';
import { overlaySla, slaFieldsOf } from './sla.ts';

/** What became of one issue that was asked for. */
export type Outcome = 'changed' | 'unchanged' | 'deleted' | 'unknown';

/** One run's work on the issues that the source keeps. */
export class Gatherer {
  readonly context: ConnectorContext<JiraSource>;
  readonly client: JiraClient;
  readonly store: RawStore;
  readonly index: MonthIndex;
  readonly keeping: Keeping;
  /** The ids of issues that this run changed or took away. */
  readonly touched = new Set<string>();
  readonly #busy = new Map<string, Promise<void>>();

  private constructor(context: ConnectorContext<JiraSource>, keeping: Keeping, client: JiraClient) {
    this.context = context;
    this.client = client;
    this.store = keeping.store;
    this.index = keeping.index;
    this.keeping = keeping;
  }

  /** Opens what the source keeps. Issues of another site are removed: they are not this source's any more. */
  static async open(context: ConnectorContext<JiraSource>): Promise<Gatherer> {
    const client = openClient(context);
    const folder = demandFolder(context);
    const store = new RawStore(folder);
    await store.tidy();
    await removeOfAnotherSite(store, context.config.baseUrl);
    const { attachments } = context.config;
    const { signal } = context;
    const copies = attachments ? new Attachments({ client, folder, signal, ...attachments }) : null;
    const index = await MonthIndex.load(store);
    await copies?.tidy(new Set([...index.issues()].map(([, { key }]) => key)));
    return new Gatherer(context, { store, index, attachments: copies }, client);
  }

  /** Asks for the present state of an issue and keeps it; what is gone or no longer wanted leaves the tables. */
  async refresh(keyOrId: string): Promise<Outcome> {
    const issue = await fetchIssue(this.client, keyOrId);
    const id = issue?.id ?? (isIssueKey(keyOrId) ? this.index.idOf(keyOrId) : keyOrId);
    if (id === undefined) return 'unknown';
    const busy = this.#busy.get(id);
    if (busy) {
      // The same issue was asked for by another name: what is kept last must have been asked for last.
      await busy;
      return this.refresh(keyOrId);
    }
    const work = this.#apply(id, issue).then((outcome) => {
      if (outcome === 'changed' || outcome === 'deleted') this.touched.add(id);
      return outcome;
    });
    this.#busy.set(id, work.then(noResult, noResult));
    return work.finally(() => this.#busy.delete(id));
  }

  async #apply(id: string, issue: RawIssue | null): Promise<Outcome> {
    if (!issue || !this.#isWanted(issue)) return (await dropIssue(this.keeping, id)) ? 'deleted' : 'unknown';
    await this.#addSla(issue);
    return (await keepIssue(this.keeping, issue)) ? 'changed' : 'unchanged';
  }

  /**
   * Refreshes many issues, several at once, and saves. Resolves to those that failed, with why; a fault that concerns more than one
   * issue, such as a token that is not valid, is thrown.
   */
  async refreshAll(keys: readonly string[]): Promise<{ counts: Record<Outcome, number>; failed: Map<string, Error> }> {
    const counts = { changed: 0, unchanged: 0, deleted: 0, unknown: 0 };
    const failed = new Map<string, Error>();
    try {
      await this.inParallel(keys, async (key) => {
        try {
          counts[await this.refresh(key)] += 1;
        } catch (error) {
          this.context.signal.throwIfAborted();
          if (!(error instanceof Error) || (error instanceof JiraRefusal && error.status === 401)) throw error;
          failed.set(key, error);
        }
      });
    } finally {
      await this.index.save();
    }
    return { counts, failed };
  }

  /** Runs `work` over all items, as many at once as the source allows; stops at the first that throws. */
  async inParallel<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
    const queue = items[Symbol.iterator]();
    const faults: unknown[] = [];
    const lanes = Array.from({ length: this.context.config.parallelRequests }, async () => {
      for (let next = queue.next(); !next.done && faults.length === 0; next = queue.next()) {
        await work(next.value).catch((error: unknown) => faults.push(error));
      }
    });
    await Promise.all(lanes);
    if (faults.length > 0) throw faults[0];
  }

  #isWanted({ key }: RawIssue): boolean {
    const { projects } = this.context.config;
    return !projects || projects.includes(projectOf(key));
  }

  async #addSla(issue: RawIssue): Promise<void> {
    const fields = slaFieldsOf(this.context.config);
    if (!this.context.config.sla || fields.length === 0) return;
    const path = `/rest/api/3/issue/${issue.id}?fields=${fields.join(',')}`;
    const answer = await openSlaClient(this.context).get(path);
    if (isRecord(answer) && isRecord(answer['fields'])) overlaySla(issue.fields, { fields, from: answer['fields'] });
  }
}

async function removeOfAnotherSite(store: RawStore, baseUrl: string): Promise<void> {
  const origin = await store.readJson('site.json');
  if (isRecord(origin) && origin['baseUrl'] === baseUrl) return;
  if (isRecord(origin)) await store.removeEverything();
  await store.writeFile('site.json', JSON.stringify({ baseUrl }));
}

function noResult(): void {}
