import type { Connector } from '../../connectors/contract.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import type { Table } from './table.ts';

/** The statement at the source whose result a table with these options is; null when it is a relation of its own. */
export function statementOf(connector: Connector, options: Record<string, unknown>): string | null {
  const { statement } = options;
  return connector.statements && typeof statement === 'string' ? statement : null;
}

/**
 * The mode of a table with these options. Left out it is `materialized` for a statement, else `local`; refused where mode, options
 * and connector do not go together. `path` stands before the field's.
 */
export function acceptQueryMode(
  connector: Connector,
  given: { queryMode: Table['queryMode'] | null; options: Record<string, unknown>; path: string },
): Table['queryMode'] {
  const isStatement = statementOf(connector, given.options) !== null;
  const queryMode = given.queryMode ?? (isStatement ? 'materialized' : 'local');
  const message = faultOf(connector, queryMode, isStatement);
  if (message === null) return queryMode;
  throw new InvalidInputError([{ path: `${given.path}queryMode`, message }]);
}

function faultOf(connector: Connector, queryMode: Table['queryMode'], isStatement: boolean): string | null {
  if (queryMode === 'remote' && !connector.statements?.tableStatement) {
    return `The connector ${connector.kind} cannot read tables at their source; leave this out to copy them.`;
  }
  if (queryMode === 'materialized' && !connector.statements) {
    return `The connector ${connector.kind} runs no statements at its source; leave this out.`;
  }
  if (queryMode === 'materialized' && !isStatement) {
    return 'A materialized table is the result of a statement; give one in the options, or leave this out.';
  }
  if (queryMode === 'local' && isStatement) {
    return 'The options hold a statement, so the table is materialized; leave this out.';
  }
  return null;
}
