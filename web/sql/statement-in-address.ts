/** A longer statement does not go into the address: servers and people cut long addresses. */
const longestInAddress = 2000;

/** What the address of the page of statements says. */
export interface StatementSearch {
  statement?: string;
  table?: string;
}

/** Reads the address; whatever it holds is only filled in, never run. */
export function readStatementSearch({ statement, table }: Record<string, unknown>): StatementSearch {
  if (isText(statement)) return { statement };
  return isText(table) ? { table } : {};
}

/** The statement that an address asks for; null: it asks for none. */
export function statementAskedFor({ statement, table }: StatementSearch): string | null {
  if (statement !== undefined) return statement;
  return table === undefined ? null : firstRowsOf(table);
}

/** A statement for the first rows of a table. */
export function firstRowsOf(sqlName: string): string {
  return `SELECT *\nFROM ${sqlName}\nLIMIT 100`;
}

/** The address for a statement; null, and one that is too long, has none. */
export function searchFor(statement: string | null): StatementSearch {
  return statement !== null && statement.trim() !== '' && statement.length <= longestInAddress ? { statement } : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
