import type { ZodType } from 'zod';
import type { AuditAction, AuditActions } from '../audit/audit-action.ts';
import { recordAuditEvent } from '../audit/record-audit-event.ts';
import { InvalidInputError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { findNul, nulSentence } from '../kernel/unstorable-text.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Principal } from './principal.ts';
import { demand, demandWriter, type Rule } from './rule.ts';
import type { Services } from './services.ts';

/** From where a request came. */
export interface Client {
  /** The client's address, as far as the server and the proxies it trusts can tell; null when it is not known. */
  readonly address: string | null;
  /** The `User-Agent`; null when there is none. */
  readonly device: string | null;
}

/** Who calls, from where, and under which request id its audit row stands. */
export interface Caller {
  readonly principal: Principal | null;
  readonly requestId: string;
  /** Absent: no request from outside. */
  readonly client?: Client;
}

const noClient: Client = { address: null, device: null };

/** What `run` works with. It awaits nothing but `tx`: it holds the only writer. */
export interface OperationRun<Input, Prepared, Details> {
  readonly tx: WriteTransaction;
  readonly input: Input;
  readonly prepared: Prepared;
  /** Who acts, with the roles of this instant. */
  readonly principal: Principal | null;
  readonly client: Client;
  readonly services: Services;
  /** Writes the audit row of this operation; required once before `run` resolves. */
  record(entry: { resource: string; details: Details; actor?: { id: string; email: string } }): void;
}

/** One change: its rule, its input, its audit action, and what it does. */
export interface Operation<Raw, Input, Prepared, Result, Event extends AuditAction> {
  readonly rule: Rule;
  readonly input: ZodType<Input, Raw>;
  readonly event: Event;
  /** Slow or foreign work (hashing, asking another system), before the transaction. */
  prepare?(given: {
    input: Input;
    principal: Principal | null;
    services: Services;
    client: Client;
    requestId: string;
  }): Promise<Prepared>;
  run(given: OperationRun<Input, Prepared, AuditActions[Event]>): Promise<Result>;
}

/** Names the shape; the types follow from what is given. */
export function defineOperation<Raw, Input, Result, Event extends AuditAction, Prepared = undefined>(
  operation: Operation<Raw, Input, Prepared, Result, Event>,
): Operation<Raw, Input, Prepared, Result, Event> {
  return operation;
}

/**
 * Checks the rule, parses the input, prepares, and runs the operation in one transaction with its audit row. The rule is
 * checked again inside the transaction, so that who lost the role while waiting for the writer changes nothing.
 */
export async function runOperation<Raw, Input, Prepared, Result, Event extends AuditAction>(
  operation: Operation<Raw, Input, Prepared, Result, Event>,
  given: { input: Raw; caller: Caller; services: Services },
): Promise<Result> {
  const { caller, services } = given;
  demandWriter(caller.principal);
  const { client = noClient, requestId } = caller;
  demand(operation.rule, caller.principal);
  const input = parseInput(operation.input, given.input);
  const asked = { input, principal: caller.principal, services, client, requestId };
  const prepared = (await operation.prepare?.(asked)) as Prepared;
  return services.store.write(async (tx) => {
    const principal = caller.principal && services.currentPrincipal(caller.principal);
    demand(operation.rule, principal);
    const watched = watchTopics(tx);
    const entries: AuditEntry<AuditActions[Event]>[] = [];
    const result = await operation.run({
      tx: watched.tx,
      input,
      prepared,
      principal,
      client,
      services,
      record: (entry) => entries.push(entry),
    });
    if (entries.length !== 1) throw new Error(`${operation.event} wrote ${entries.length} audit entries, not one`);
    for (const invariant of services.invariants) {
      if ([...watched.topics].some((topic) => invariant.topics.has(topic))) await invariant.check(tx, services);
    }
    await writeAuditRow({ tx, action: operation.event, entry: entries[0]!, principal, requestId });
    return result;
  });
}

interface AuditEntry<Details> {
  resource: string;
  details: Details;
  actor?: { id: string; email: string };
}

function parseInput<Input, Raw>(schema: ZodType<Input, Raw>, raw: Raw): Input {
  const nul = findNul(raw);
  if (nul !== null) throw new InvalidInputError([{ path: nul, message: nulSentence }]);
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  );
}

function watchTopics(tx: WriteTransaction): { tx: WriteTransaction; topics: Set<string> } {
  const topics = new Set<string>();
  return {
    topics,
    tx: {
      db: tx.db,
      at: tx.at,
      emit: (topic, payload) => {
        topics.add(topic);
        tx.emit(topic, payload);
      },
    },
  };
}

async function writeAuditRow(given: {
  tx: WriteTransaction;
  action: AuditAction;
  entry: AuditEntry<unknown>;
  principal: Principal | null;
  requestId: string;
}): Promise<void> {
  const { entry, principal } = given;
  await recordAuditEvent(given.tx, {
    id: newId(),
    at: given.tx.at,
    actorId: entry.actor?.id ?? principal?.userId ?? null,
    actor: entry.actor?.email ?? principal?.email ?? 'nobody',
    credential: principal?.credential.kind ?? 'none',
    action: given.action,
    resource: entry.resource,
    details: entry.details,
    requestId: given.requestId,
  });
}
