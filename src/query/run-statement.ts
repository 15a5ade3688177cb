import { filterCatalog, type TableFilter } from '../engine/statement-filter.ts';
import type { StatementPool, StatementResult } from '../engine/statement-pool.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { overRemoteTables } from './over-remote-tables.ts';
import { tablesRead, type TableRead } from './tables-read.ts';

declare module '../operation/services.ts' {
  interface Services {
    readonly statements: StatementPool;
  }
}

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'statement.executed': {
      statement: string;
      tables: string[];
      rows: number;
      truncated: boolean;
      /** Set when a metric was run. */
      metric?: string;
      filters?: readonly TableFilter[];
    };
  }
}

/** The most rows one answer holds; more is an export. */
export const largestLimit = 10_000;

/** What the caller asks: `limit` rows at most, 1 to 10,000. */
export interface StatementInput {
  statement: string;
  limit: number;
  principal: Principal;
  requestId: string;
  signal?: AbortSignal;
  /** The metric whose statement this is, for the audit. */
  metric?: string;
  /** Rows that tables are narrowed to before the statement sees them. */
  filters?: readonly TableFilter[];
}

/**
 * Runs one SELECT over exactly the tables that the principal may read; any other table does not exist for it. Throws the
 * failures of the statement pool. Tables that are read at their sources are read first. The statement and its tables are audited, its result is not.
 */
export async function runStatement(
  services: Services,
  input: StatementInput,
): Promise<StatementResult & { elapsedMs: number; reads: TableRead[] }> {
  const { statement, limit, principal } = input;
  if (limit < 1 || limit > largestLimit) {
    throw new InvalidInputError([{ path: 'limit', message: `Give a limit from 1 to ${largestLimit}.` }]);
  }
  const states = services.generations.states();
  const readable = services.generations.catalogFor(services.tableAccess.readableSet(principal));
  const catalog = filterCatalog(readable, input.filters ?? []);
  const begun = performance.now();
  const owner = principal.userId;
  const { requestId, signal } = input;
  const running = overRemoteTables(services, {
    catalog,
    statement,
    spender: principal,
    requestId,
    signal,
    inspect: (known) => services.statements.inspect({ catalog: known, statement, owner, signal }),
    run: (known) => services.statements.run({ catalog: known, statement, owner, limit, signal }),
  });
  const result = await running.catch((error: unknown) => {
    services.remoteChecks.failed(services, error);
    throw error;
  });
  services.remoteChecks.succeeded(services, result.tables);
  auditStatement(services, input, result);
  const reads = tablesRead(services, { sqlNames: result.tables, states });
  return { ...result, elapsedMs: performance.now() - begun, reads };
}

/** Writes that a statement ran, over which tables. */
export function auditStatement(services: Services, input: StatementInput, result: StatementResult): void {
  services.auditBatch.add({
    id: newId(),
    at: services.clock.now(),
    actorId: input.principal.userId,
    actor: input.principal.email,
    credential: input.principal.credential.kind,
    action: 'statement.executed',
    resource: `user:${input.principal.userId}`,
    details: {
      statement: input.statement,
      tables: result.tables,
      rows: result.rows.length,
      truncated: result.truncated,
      metric: input.metric,
      filters: input.filters,
    },
    requestId: input.requestId,
  });
}
