import { join } from 'node:path';
import { isRecord, monthOf, type RawIssue } from './issue.ts';
import { digestOf, namesIn, type RawStore } from './raw-store.ts';

/** One issue that tables have. */
export interface IndexedIssue {
  key: string;
  /** Of its file. */
  digest: string;
  /** When it was created, as Jira wrote it. */
  created: string;
  /** When it was last changed, as Jira wrote it. */
  updated: string;
}

const formatVersion = 1;

/**
 * Which issues each month has, with a digest of each: `months/<YYYY-MM>.json` below the folder of the source. It may lag behind the
 * issues' files when a run was cut off; what the run was about is then gathered again. Deleted issues are not in it.
 */
export class MonthIndex {
  readonly #store: RawStore;
  readonly #months = new Map<string, Map<string, IndexedIssue>>();
  readonly #monthOfId = new Map<string, string>();
  readonly #changed = new Set<string>();

  private constructor(store: RawStore) {
    this.#store = store;
  }

  /** The index as it was saved; made anew from the issues' files when there is none, as after an upgrade. */
  static async load(store: RawStore): Promise<MonthIndex> {
    const index = new MonthIndex(store);
    const marker = await store.readJson('index.json');
    if (!isRecord(marker) || marker['version'] !== formatVersion || !(await index.#readMonths()))
      await index.#rebuild();
    return index;
  }

  /** Every issue that tables have, with its id. */
  *issues(): Generator<[string, IndexedIssue]> {
    for (const month of this.#months.values()) yield* month;
  }

  /** The months that issues are in. */
  months(): string[] {
    return [...this.#months].flatMap(([month, issues]) => (issues.size > 0 ? [month] : []));
  }

  /** The issues of one month, each with its id. */
  ofMonth(month: string): Iterable<[string, IndexedIssue]> {
    return this.#months.get(month) ?? [];
  }

  get(id: string): IndexedIssue | undefined {
    return this.#months.get(this.#monthOfId.get(id) ?? '')?.get(id);
  }

  /** The id of the issue with this key. */
  idOf(key: string): string | undefined {
    for (const [id, issue] of this.issues()) if (issue.key === key) return id;
    return undefined;
  }

  put(issue: RawIssue, digest: string): void {
    const month = monthOf(issue);
    const before = this.#monthOfId.get(issue.id);
    if (before !== undefined && before !== month) this.remove(issue.id);
    const { created, updated } = issue.fields;
    this.#month(month).set(issue.id, { key: issue.key, digest, created: String(created), updated: String(updated) });
    this.#monthOfId.set(issue.id, month);
    this.#changed.add(month);
  }

  remove(id: string): void {
    const month = this.#monthOfId.get(id);
    if (month === undefined) return;
    this.#months.get(month)?.delete(id);
    this.#monthOfId.delete(id);
    this.#changed.add(month);
  }

  /** Writes the months that changed, durably. */
  async save(): Promise<void> {
    for (const month of this.#changed) {
      await this.#store.writeFile(join('months', `${month}.json`), JSON.stringify([...sorted(this.#month(month))]));
      this.#changed.delete(month);
    }
  }

  #month(month: string): Map<string, IndexedIssue> {
    const known = this.#months.get(month) ?? new Map<string, IndexedIssue>();
    this.#months.set(month, known);
    return known;
  }

  /** Whether every month could be read. */
  async #readMonths(): Promise<boolean> {
    for (const month of await monthNames(this.#store)) {
      const entries = await readMonth(this.#store, month);
      if (!entries) return false;
      this.#months.set(month, new Map(entries));
      for (const [id] of entries) this.#monthOfId.set(id, month);
    }
    return true;
  }

  async #rebuild(): Promise<void> {
    this.#months.clear();
    this.#monthOfId.clear();
    for (const month of await monthNames(this.#store)) this.#changed.add(month);
    for (const key of await this.#store.keys()) {
      const issue = await this.#store.read(key);
      if (!issue || issue._deleted_at !== undefined) continue;
      const twin = this.get(issue.id);
      if (twin && twin.updated >= String(issue.fields['updated'])) continue;
      this.put(issue, digestOf(JSON.stringify(issue)));
    }
    await this.save();
    await this.#store.writeFile('index.json', JSON.stringify({ version: formatVersion }));
  }
}

/** The ids and issues of one month in the order of their ids; null when its file cannot be read. */
export async function readMonth(store: RawStore, month: string): Promise<[string, IndexedIssue][] | null> {
  const entries = await store.readJson(join('months', `${month}.json`));
  const isWhole = Array.isArray(entries) && entries.every((entry) => Array.isArray(entry) && isRecord(entry[1]));
  return isWhole ? (entries as [string, IndexedIssue][]) : null;
}

/** The months that have a file. */
export async function monthNames(store: RawStore): Promise<string[]> {
  const names = await namesIn(join(store.folder, 'months'));
  return names.flatMap((name) => (/^(\d{4}-\d{2}|undated)\.json$/.test(name) ? [name.slice(0, -5)] : [])).toSorted();
}

function sorted(month: ReadonlyMap<string, IndexedIssue>): [string, IndexedIssue][] {
  return [...month].toSorted(([a], [b]) => Number(a) - Number(b));
}
