import type { Catalog, StatementResult } from '../engine/statement-pool.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { AskedHybrid } from './ask-remotes.ts';
import { estimateRemotes, shareOut, type EstimatedOrder } from './estimate-remotes.ts';
import { readRemotes } from './read-remotes.ts';
import type { RemoteBill } from './remote-order.ts';
import { auditStatement } from './run-statement.ts';
import { tablesRead, type TableRead } from './tables-read.ts';
import { unreadOrders, withRows } from './unread-tables.ts';

/** What a hybrid statement answered, and what each remote and each remote table took. */
export interface HybridResult extends StatementResult {
  readonly elapsedMs: number;
  /** The registered tables among what it read. */
  readonly reads: TableRead[];
  readonly remotes: readonly RemoteBill[];
}

/**
 * Runs what `askRemotes` permitted: estimates every remote, binds the statement to what they would answer, and only then reads each
 * once and runs the statement over those rows and exactly the tables that the principal may read. What it cost is audited also when
 * it fails.
 */
export async function runHybrid(
  services: Services,
  given: { asked: AskedHybrid; principal: Principal; requestId: string; signal?: AbortSignal },
): Promise<HybridResult> {
  const { asked, principal, requestId, signal } = given;
  const begun = performance.now();
  const { statement, limit } = asked;
  const owner = principal.userId;
  const estimated = await estimateRemotes(services, { orders: asked.orders, signal });
  const states = services.generations.states();
  const readable = services.generations.catalogFor(services.tableAccess.readableSet(principal));
  const catalog = catalogWith(readable, estimated);
  const { tables, unread } = await services.statements.inspect({ catalog, statement, owner, signal });
  refuseUnnamed(asked, tables);
  const ofTables = unreadOrders(
    services,
    unread.filter(({ sqlName }) => sqlName.includes('.')),
  );
  const orders = [...shareOut(estimated, asked.maxBytesBilled), ...ofTables];
  const { result, bills } = await readRemotes(services, {
    orders,
    spender: principal,
    requestId,
    statement,
    signal,
    use: (rows) => services.statements.run({ catalog: withRows(catalog, rows), statement, owner, limit, signal }),
  });
  const ownTables = result.tables.filter((sqlName) => sqlName.includes('.'));
  auditStatement(services, { statement, limit, principal, requestId }, { ...result, tables: ownTables });
  const reads = tablesRead(services, { sqlNames: ownTables, states });
  return { ...result, elapsedMs: performance.now() - begun, remotes: bills, reads };
}

/** The caller's tables and, for one statement, a relation for each remote, without rows yet. */
function catalogWith(readable: Catalog, orders: readonly EstimatedOrder[]): Catalog {
  const relations = orders.map(({ name, columns }) => ({ sqlName: name, alias: name, files: [], columns }));
  return { key: newId(), once: true, tables: [...readable.tables, ...relations] };
}

/** Nobody pays for what a statement does not read. */
function refuseUnnamed({ orders }: AskedHybrid, tables: readonly string[]): void {
  const faults = orders.flatMap(({ name }, index) => {
    const message = `The statement does not read ${name}; name it there, or leave this out.`;
    return tables.includes(name) ? [] : [{ path: `remotes.${index}.alias`, message }];
  });
  if (faults.length > 0) throw new InvalidInputError(faults);
}
