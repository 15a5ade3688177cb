import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { openLockedInstance } from './statement-catalog.ts';
import { StatementFailedError, StatementRefusedError, tooDeep } from './statement-errors.ts';
import type { TreeNode } from './statement-gate.ts';

/** DuckDB's own parser, apart from all data. */
export interface StatementParser {
  /** The tree of the one SELECT in `statement`; throws a `StatementRefusedError` or, for bad syntax, a `StatementFailedError`. */
  parse(statement: string): Promise<TreeNode>;
}

interface SerializedStatements {
  error: boolean;
  error_type?: string;
  error_message?: string;
  statements?: { node: TreeNode }[];
}

/** Opens a parser on an instance of its own. */
export async function openStatementParser(): Promise<StatementParser> {
  const connection = await (await openLockedInstance([], 256)).connect();
  const serialize = await connection.prepare('SELECT json_serialize_sql($1::VARCHAR)');
  return { parse: async (statement) => readTree(await runSerialize(serialize, statement), statement) };
}

async function runSerialize(serialize: DuckDBPreparedStatement, statement: string): Promise<SerializedStatements> {
  serialize.bindVarchar(1, statement);
  const [[json]] = (await serialize.runAndReadAll()).getRows() as [[string]];
  return JSON.parse(json) as SerializedStatements;
}

function readTree(serialized: SerializedStatements, statement: string): TreeNode {
  if (serialized.error) throw describeParserError(serialized, statement);
  const [first, ...others] = serialized.statements ?? [];
  if (!first) throw new StatementRefusedError('The statement is empty; write one SELECT.');
  if (others.length > 0) throw new StatementRefusedError('Only one statement can run at a time; write one SELECT.');
  return first.node;
}

function describeParserError(serialized: SerializedStatements, statement: string): Error {
  const message = serialized.error_message?.split('\n')[0] ?? '';
  if (serialized.error_type === 'not implemented') {
    const hint = /\bpivot\b/i.test(statement) ? ' PIVOT needs its values listed: PIVOT … ON column IN (value, …).' : '';
    return new StatementRefusedError(`Only a SELECT can run here.${hint}`, message);
  }
  if (/memory exhausted|expression depth/.test(message)) return tooDeep(message);
  return new StatementFailedError(`Parser Error: ${message}`);
}
