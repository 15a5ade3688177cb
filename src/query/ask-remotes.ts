import { z } from 'zod';
import { InvalidInputError, type FieldFault } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import { aliasFault } from './remote-alias.ts';
import type { RemoteOrder } from './remote-order.ts';
import { remoteSpender } from './remote-spender.ts';
import { remoteStatement } from './remote-statement.ts';
import { largestLimit } from './run-statement.ts';
import { findStatementSource } from './statement-sources.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    /** Written before anything is asked at a source; `remote.read` tells what it cost. */
    'remotes.asked': {
      statement: string;
      remotes: { alias: string; source: string; statement: string }[];
      maxBytesBilled: string | null;
    };
  }
}

const mostRemotes = 10;

const remoteInput = z.strictObject({
  alias: z.string(),
  source: z.string().nullish(),
  statement: remoteStatement,
});

const hybridInput = z.strictObject({
  statement: z.string(),
  remotes: z
    .array(remoteInput)
    .min(1, 'Name at least one remote.')
    .max(mostRemotes, `Name at most ${mostRemotes} remotes.`),
  limit: z
    .number()
    .int()
    .min(1, `Give a limit from 1 to ${largestLimit}.`)
    .max(largestLimit, `Give a limit from 1 to ${largestLimit}.`)
    .nullish(),
  maxBytesBilled: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'Give a whole number of bytes from 1 on.')
    .nullish(),
});

/** A statement over the caller's tables and over what `orders` read, as it was permitted and audited. */
export interface AskedHybrid {
  readonly statement: string;
  readonly orders: readonly RemoteOrder[];
  readonly limit: number;
  /** For all orders together. */
  readonly maxBytesBilled: bigint | null;
}

/** Permits statements at sources and writes down that they were asked for, before anything is asked of a source. */
export const askRemotes = defineOperation({
  rule: { role: remoteSpender.key },
  event: 'remotes.asked',
  input: hybridInput,
  run({ input, principal, services, record }): Promise<AskedHybrid> {
    const orders = ordersOf(services, { principal: principal!, remotes: input.remotes });
    const { statement, limit, maxBytesBilled = null } = input;
    record({
      resource: `user:${principal!.userId}`,
      details: {
        statement,
        remotes: orders.map(({ name, source, ...order }) => ({
          alias: name,
          source: source.name,
          statement: order.statement,
        })),
        maxBytesBilled,
      },
    });
    return Promise.resolve({
      statement,
      orders,
      limit: limit ?? 1000,
      maxBytesBilled: maxBytesBilled === null ? null : BigInt(maxBytesBilled),
    });
  },
});

function ordersOf(
  services: Services,
  given: { principal: Principal; remotes: readonly z.output<typeof remoteInput>[] },
): RemoteOrder[] {
  const { principal, remotes } = given;
  const faults: FieldFault[] = [];
  const taken = namesOf(services, principal);
  const orders = remotes.map(({ alias, source, statement }, index) => {
    const message = aliasFault(alias, taken);
    if (message) faults.push({ path: `remotes.${index}.alias`, message });
    taken.add(alias.toLowerCase());
    const path = `remotes.${index}.source`;
    return { name: alias, source: findStatementSource(services, { name: source ?? null, path }), statement };
  });
  if (faults.length > 0) throw new InvalidInputError(faults);
  return orders;
}

/** The bare names and the first parts of names that mean something in the caller's statements already. */
function namesOf(services: Services, principal: Principal): Set<string> {
  const readable = services.tableAccess.readableSet(principal);
  return new Set(
    readable.ids.flatMap((id) => {
      const table = services.registry.table(id);
      return table ? [table.sqlName.split('.')[0]!, ...(table.alias === null ? [] : [table.alias])] : [];
    }),
  );
}
