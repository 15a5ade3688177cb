import type { Catalog, StatementResult } from '../engine/statement-pool.ts';
import type { Services } from '../operation/services.ts';
import type { Spender } from './audit-remotes.ts';
import { readRemotes } from './read-remotes.ts';
import { unreadOrders, withRows } from './unread-tables.ts';

type Unread = Pick<StatementResult, 'unread'>;

/**
 * What `run` answers over the catalog. When the statement names tables that have to be read at their sources, they are read once each,
 * with the columns it may need, and it runs over their rows; what that cost is audited.
 */
export async function overRemoteTables<Result>(
  services: Services,
  given: {
    catalog: Catalog;
    statement: string;
    spender: Spender;
    requestId: string;
    signal?: AbortSignal;
    /** Tells which tables have to be read. */
    inspect(catalog: Catalog): Promise<Unread>;
    run(catalog: Catalog): Promise<Result>;
  },
): Promise<Result> {
  const { catalog, inspect, run, ...reading } = given;
  const hasRemote = catalog.tables.some(({ columns }) => columns);
  const unread = hasRemote ? (await inspect(catalog)).unread : [];
  if (unread.length === 0) return run(catalog);
  const orders = unreadOrders(services, unread);
  const { result } = await readRemotes(services, { ...reading, orders, use: (rows) => run(withRows(catalog, rows)) });
  return result;
}
