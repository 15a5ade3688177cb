import type { Catalog, StatementResult } from '../engine/statement-pool.ts';
import type { Services } from '../operation/services.ts';
import type { Spender } from './audit-remotes.ts';
import { readRemotes } from './read-remotes.ts';
import { unreadOrders, withRows } from './unread-tables.ts';

/**
 * What `run` answers over the catalog. When the statement names tables that have to be read at their sources, they are read once each,
 * with the columns it may need, and it runs again over their rows; what that cost is audited.
 */
export async function overRemoteTables<Result extends Pick<StatementResult, 'unread'>>(
  services: Services,
  given: {
    catalog: Catalog;
    statement: string;
    spender: Spender;
    requestId: string;
    signal?: AbortSignal;
    run(catalog: Catalog): Promise<Result>;
  },
): Promise<Result> {
  const { catalog, run, ...reading } = given;
  const answer = await run(catalog);
  if (answer.unread.length === 0) return answer;
  const orders = unreadOrders(services, answer.unread);
  const { result } = await readRemotes(services, { ...reading, orders, use: (rows) => run(withRows(catalog, rows)) });
  return result;
}
