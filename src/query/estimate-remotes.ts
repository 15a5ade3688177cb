import { InvalidInputError } from '../kernel/errors.ts';
import { typeUnkeptByParquet } from '../engine/parquet-types.ts';
import type { ReadableTable } from '../engine/statement-pool.ts';
import type { Services } from '../operation/services.ts';
import { RemoteFailedError } from './remote-errors.ts';
import type { RemoteOrder } from './remote-order.ts';
import { demandStatements } from './statement-sources.ts';

const longestSeconds = 60;

/** An order with what its source said of it beforehand, at no cost. */
export interface EstimatedOrder extends RemoteOrder {
  readonly bytesEstimated: string | null;
  readonly columns: NonNullable<ReadableTable['columns']>;
}

/** Asks the sources what the orders would answer and read, side by side; the first failure cancels the others. */
export async function estimateRemotes(
  services: Services,
  given: { orders: readonly RemoteOrder[]; signal?: AbortSignal },
): Promise<EstimatedOrder[]> {
  const stop = new AbortController();
  const late = AbortSignal.timeout(longestSeconds * 1000);
  const signal = AbortSignal.any([stop.signal, late, ...(given.signal ? [given.signal] : [])]);
  const asked = given.orders.map(async (order) => {
    try {
      const context = services.connectors.contextOf(order.source, signal);
      const { statement } = order;
      const { columns, bytesProcessed } = await demandStatements(services, order.source).estimate(context, {
        statement,
      });
      refuseUnkept(columns);
      return { ...order, columns, bytesEstimated: bytesProcessed };
    } catch (error) {
      const sentence = late.aborted
        ? `the source did not answer within ${longestSeconds} seconds.`
        : (error as Error).message;
      const failure = new RemoteFailedError(order.name, sentence);
      if (!signal.aborted) stop.abort(failure);
      throw stop.signal.aborted ? stop.signal.reason : failure;
    }
  });
  await Promise.allSettled(asked);
  return Promise.all(asked);
}

/** Before anything is spent: what no file can hold would come with other values. */
function refuseUnkept(columns: EstimatedOrder['columns']): void {
  for (const { name, type } of columns) {
    const unkept = typeUnkeptByParquet(type);
    if (unkept === null) continue;
    throw new Error(`the column "${name}" has the type ${unkept}, which would lose values; cast it in the statement.`);
  }
}

/**
 * The orders with limits that add up to `maxBytesBilled`: to each what it is estimated at, and an equal part of the rest. Throws an
 * `InvalidInputError` when the estimates alone are more.
 */
export function shareOut(orders: readonly EstimatedOrder[], maxBytesBilled: bigint | null): EstimatedOrder[] {
  if (maxBytesBilled === null) return [...orders];
  const estimates = orders.map(({ bytesEstimated }) => BigInt(bytesEstimated ?? 0));
  const sum = estimates.reduce((total, estimate) => total + estimate, 0n);
  if (sum > maxBytesBilled) {
    const message = `The remotes would read ${sum} bytes; allow more, or read less.`;
    throw new InvalidInputError([{ path: 'maxBytesBilled', message }]);
  }
  const spare = (maxBytesBilled - sum) / BigInt(orders.length);
  return orders.map((order, index) => ({ ...order, maxBytesBilled: estimates[index]! + spare }));
}
