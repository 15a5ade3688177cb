import type { ForeignValue } from '../store/duckdb/foreign-file.ts';

/** One row of the predecessor, read by the names of its columns; it knows which values nobody has asked for. */
export class OldRow {
  readonly table: string;
  readonly #values: Readonly<Record<string, ForeignValue>>;
  readonly #unread: Set<string>;

  constructor(table: string, values: Readonly<Record<string, ForeignValue>>) {
    this.table = table;
    this.#values = values;
    this.#unread = new Set(Object.keys(values).filter((name) => values[name] !== null));
  }

  /** Whether the table has the column, in this version of it. */
  has(column: string): boolean {
    return Object.hasOwn(this.#values, column);
  }

  /** The value as text; null where there is none, or no such column. */
  text(column: string): string | null {
    const value = this.#take(column);
    return value instanceof Date ? value.toISOString() : value === null ? null : String(value);
  }

  /** The instant; null for whatever is none. */
  instant(column: string): Date | null {
    const value = this.#take(column, (found) => found instanceof Date && !Number.isNaN(found.getTime()));
    return value instanceof Date ? value : null;
  }

  /** The whole number; null for whatever is none. */
  integer(column: string): number | null {
    const value = this.#take(column, Number.isSafeInteger);
    return typeof value === 'number' ? value : null;
  }

  boolean(column: string): boolean | null {
    const value = this.#take(column, (found) => typeof found === 'boolean');
    return typeof value === 'boolean' ? value : null;
  }

  /** What the JSON text says; undefined where there is none, or it cannot be read: then the text counts as not asked for. */
  json(column: string): unknown {
    const value = this.#values[column] ?? null;
    if (value === null) return undefined;
    try {
      const read = JSON.parse(String(value)) as unknown;
      this.#unread.delete(column);
      return read;
    } catch {
      return undefined;
    }
  }

  /** The texts of a JSON list; none where it is anything else, which then counts as not asked for. */
  texts(column: string): string[] {
    const read = this.json(column);
    if (read === undefined) return [];
    if (Array.isArray(read) && read.every((entry) => typeof entry === 'string')) return read;
    if (read !== null) this.#unread.add(column);
    return [];
  }

  /** Says that a value has no place after all. */
  giveBack(column: string): void {
    if ((this.#values[column] ?? null) !== null) this.#unread.add(column);
  }

  /** The values nobody has asked for, as JSON can hold them. */
  unread(): Record<string, unknown> {
    return asJson(Object.fromEntries([...this.#unread].map((name) => [name, this.#values[name]!])));
  }

  /** All values, as JSON can hold them. */
  all(): Record<string, unknown> {
    return asJson(this.#values);
  }

  #take(column: string, fits: (value: ForeignValue) => boolean = () => true): ForeignValue {
    const value = this.#values[column] ?? null;
    if (value === null || !fits(value)) return null;
    this.#unread.delete(column);
    return value;
  }
}

function asJson(values: Readonly<Record<string, ForeignValue>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  );
}
