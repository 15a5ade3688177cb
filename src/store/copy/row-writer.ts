import { isDeepStrictEqual } from 'node:util';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database } from '../database.ts';
import type { Store } from '../store.ts';
import type { CopiedRow, StateTable } from './tables.ts';

const mostRows = 5_000;
const mostCharacters = 4 << 20;

/** Rows of one table with the same columns, each as JSON. */
interface Waiting {
  readonly columns: readonly string[];
  readonly rows: string[];
  characters: number;
}

/**
 * Writes rows of many tables of the state, thousands of one table at once, as a JSON text that the database reads itself: to plan a
 * statement with a parameter for each value takes DuckDB many times as long. `flush` writes those that wait.
 */
export class RowWriter {
  readonly #given: { db: Kysely<Database>; dialect: Store['dialect']; tables: readonly StateTable[] };
  readonly #waiting = new Map<string, Waiting>();

  constructor(given: { db: Kysely<Database>; dialect: Store['dialect']; tables: readonly StateTable[] }) {
    this.#given = given;
  }

  async add(table: string, row: CopiedRow): Promise<void> {
    const columns = Object.keys(row);
    const before = this.#waiting.get(table);
    if (before && !isDeepStrictEqual(before.columns, columns)) await this.flush(table);
    const waiting = this.#waiting.get(table) ?? { columns, rows: [], characters: 0 };
    this.#waiting.set(table, waiting);
    const text = JSON.stringify(row);
    waiting.rows.push(text);
    waiting.characters += text.length;
    if (waiting.rows.length >= mostRows || waiting.characters >= mostCharacters) await this.flush(table);
  }

  /** The tables with rows that wait. */
  get tables(): string[] {
    return [...this.#waiting.keys()];
  }

  async flush(table: string): Promise<void> {
    const waiting = this.#waiting.get(table);
    this.#waiting.delete(table);
    if (!waiting) return;
    const types = this.#given.tables.find(({ name }) => name === table)!.columns;
    const columns = waiting.columns.map((name) => ({ name, type: types.get(name)! }));
    const rows = { columns, json: `[${waiting.rows.join()}]` };
    const names = sql.join(waiting.columns.map((name) => sql.ref(name)));
    await sql`insert into ${sql.table(table)} (${names}) ${readers[this.#given.dialect](rows)}`.execute(this.#given.db);
  }
}

/** Rows of these columns, as a JSON list of objects. */
interface JsonRows {
  readonly columns: readonly { name: string; type: string }[];
  readonly json: string;
}

/** How each database turns them into rows, the columns in their order. */
const readers: Record<Store['dialect'], (rows: JsonRows) => RawBuilder<unknown>> = {
  duckdb({ columns, json }) {
    const structure = JSON.stringify([Object.fromEntries(columns.map(({ name, type }) => [name, type]))]);
    return sql`select unnest(from_json(${json}::json, ${sql.lit(structure)}), recursive := true)`;
  },
  postgres({ columns, json }) {
    const typed = columns.map(({ name, type }) => sql`${sql.ref(name)} ${sql.raw(type)}`);
    return sql`select * from json_to_recordset(${json}::json) as given (${sql.join(typed)})`;
  },
};
