import type { Insertable } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Database } from '../store/database.ts';
import type { OldRow } from './old-row.ts';
import type { LeftoverGroup, TableOutcome } from './upgrade-report.ts';

/** Takes the new rows in: into the state, or nowhere when it is only to be known what would happen. */
export type Receiver = <Name extends keyof Database>(table: Name, row: Insertable<Database[Name]>) => Promise<void>;

const keysShown = 20;

/** What never leaves the old file: it would let people in. */
const secrets = new Set(['setup_token', 'reset_token']);

interface Count {
  rows: number;
  taken: number;
  left: number;
}

/** Books each row of the predecessor as taken over or left out, so that none is lost without a word. */
export class Ledger {
  readonly upgradeId: string = newId();
  readonly #receive: Receiver;
  readonly #counts = new Map<string, Count>();
  readonly #groups = new Map<string, LeftoverGroup & { count: number; keys: string[] }>();
  readonly #warnings = new Set<string>();
  readonly #files = new Set<string>();
  /** Where what is being taken over stands, for the sentence about a fault: `in its table users`. */
  current = '';

  constructor(receive: Receiver) {
    this.#receive = receive;
  }

  put: Receiver = (table, row) => this.#receive(table, row);

  /** Counts a table that is there, also when it is empty. */
  open(table: string): void {
    this.current = `in its table ${table}`;
    if (!this.#counts.has(table)) this.#counts.set(table, { rows: 0, taken: 0, left: 0 });
  }

  /** The row has its place now; its values that nobody asked for are kept as leftovers. */
  async took(row: OldRow, key: string): Promise<void> {
    this.#count(row.table, 'taken');
    const values = withoutSecrets(row.unread());
    const columns = Object.keys(values);
    if (columns.length === 0) return;
    const reason = `no place for ${columns.join(', ')}`;
    await this.#keep({ table: row.table, key, reason, isWhole: false, values });
  }

  /** The row has no place; it is kept whole among the leftovers. */
  async left(row: OldRow, given: { key: string; reason: string }): Promise<void> {
    this.#count(row.table, 'left');
    await this.#keep({ table: row.table, ...given, isWhole: true, values: withoutSecrets(row.all()) });
  }

  /** The row is not needed any more, for a reason that holds for all such rows. */
  dropped(row: OldRow, given: { key: string; reason: string }): void {
    this.#count(row.table, 'left');
    this.#group({ table: row.table, ...given, isWhole: true });
  }

  /** The row is there already, in the program itself. */
  knew(row: OldRow): void {
    this.#count(row.table, 'taken');
  }

  warn(sentence: string): void {
    this.#warnings.add(sentence);
  }

  file(sentence: string): void {
    this.#files.add(sentence);
  }

  get tables(): TableOutcome[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, ...count }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  get leftovers(): LeftoverGroup[] {
    return [...this.#groups.values()];
  }

  get warnings(): string[] {
    return [...this.#warnings];
  }

  get files(): string[] {
    return [...this.#files];
  }

  #count(table: string, what: 'taken' | 'left'): void {
    const count = this.#counts.get(table)!;
    count.rows += 1;
    count[what] += 1;
  }

  async #keep(given: {
    table: string;
    key: string;
    reason: string;
    isWhole: boolean;
    values: Record<string, unknown>;
  }): Promise<void> {
    this.#group(given);
    await this.put('upgrade_leftovers', {
      id: newId(),
      upgrade_id: this.upgradeId,
      table_name: given.table,
      row_key: given.key,
      reason: given.reason,
      is_whole: given.isWhole,
      row_values: JSON.stringify(given.values),
    });
  }

  #group({ table, key, reason, isWhole }: { table: string; key: string; reason: string; isWhole: boolean }): void {
    const name = JSON.stringify([table, reason, isWhole]);
    const group = this.#groups.get(name) ?? { table, reason, isWhole, count: 0, keys: [] };
    group.count += 1;
    if (group.keys.length < keysShown) group.keys.push(key);
    this.#groups.set(name, group);
  }
}

function withoutSecrets(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.has(name)));
}
