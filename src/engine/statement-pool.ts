import { availableParallelism } from 'node:os';
import type { Log } from '../kernel/log.ts';
import type { RemoteSettings } from './remote-attachment.ts';
import { cancelled, StatementRefusedError, StatementsBusyError } from './statement-errors.ts';
import { StatementProcess, type StatementResult, type Task } from './statement-process.ts';
import type { Catalog, Work } from './statement-protocol.ts';
import { Turns, type WaitingTask } from './statement-turns.ts';

export type { StatementResult } from './statement-process.ts';
export type { Catalog, ReadableTable, RowCondition, UnreadTable } from './statement-protocol.ts';

/** A statement of a user over a catalog, to be looked at and not run. */
export interface CheckRequest {
  catalog: Catalog;
  statement: string;
  /** Who asks; undefined is one more person. */
  owner?: string;
  timeoutSeconds?: number;
  /** Stops the statement, also while it waits. */
  signal?: AbortSignal;
}

/** A statement of a user to be run. `limit` is clamped to 1–10,000. */
export interface StatementRequest extends CheckRequest {
  limit: number;
}

/**
 * Runs statements in child processes, each of which runs one at a time. Owners take turns, and the last free child is kept
 * from one who has others at work, so that nobody waits for all that somebody else has asked for.
 */
export interface StatementPool {
  /** Starts the first child, so that the first statement need not wait for one. */
  warm(): void;
  /** Rejects with a `Failure` of `statement-errors.ts` and nothing else. */
  run(request: StatementRequest): Promise<StatementResult>;
  /** Rejects as `run` would before the first row; resolves to the `sqlName`s that the statement reads, sorted. */
  check(request: CheckRequest): Promise<string[]>;
  /** As `check`; tells also which tables have to be read at their source before the statement can run. */
  inspect(request: CheckRequest): Promise<Pick<StatementResult, 'tables' | 'unread'>>;
  /** Cancels what runs and waits, and resolves once every child has ended. */
  close(): Promise<void>;
}

export interface StatementPoolOptions {
  /** Child processes, at most; default one per core and one more, which a person with all cores at work leaves to others. */
  size?: number;
  /** Resident memory at which a child is ended; DuckDB may take half of it. */
  memoryLimitMb?: number;
  /** For requests that name none. */
  timeoutSeconds?: number;
  log?: Log;
  /** What of other systems may be attached; nothing unless given. */
  remotes?: RemoteSettings;
}

const maxRows = 10_000;
const maxStatementBytes = 100_000;
const maxWaiting = 200;
const longestWaitSeconds = 30;

/** Opens a pool; children start as statements need them. */
export function openStatementPool(options: StatementPoolOptions = {}): StatementPool {
  const { size = availableParallelism() + 1, memoryLimitMb = 1024, timeoutSeconds = 60, log, remotes } = options;
  const processes = new Set<StatementProcess>();
  const turns = new Turns();
  let closed = false;

  function startProcess(): StatementProcess {
    const started = new StatementProcess({ memoryLimitMb, log, remotes });
    processes.add(started);
    void started.exited.then((worked) => {
      processes.delete(started);
      // One stays warm, unless children cannot even start.
      if (worked && processes.size === 0 && !closed) startProcess();
      dispatch();
    });
    return started;
  }

  /** An idle child that holds the catalog, else any idle one, else a new one while there may be more. */
  function chooseProcess(catalogKey: string): StatementProcess | undefined {
    const idle = [...processes].filter((candidate) => candidate.idle);
    const chosen = idle.find((candidate) => candidate.holds(catalogKey)) ?? idle[0];
    return chosen ?? (processes.size < size ? startProcess() : undefined);
  }

  function dispatch(): void {
    for (;;) {
      const next = closed ? undefined : turns.peek({ mostForOne: Math.max(1, size - 1) });
      const chosen = next && chooseProcess(next.task.catalog.key);
      if (!chosen) return;
      turns.begin(next);
      next.start(chosen.run(next.task).finally(() => afterRun(chosen, next.owner)));
    }
  }

  function afterRun(used: StatementProcess, owner: string): void {
    turns.end(owner);
    // What the allocator keeps after a heavy statement must not end the next one.
    if (used.idle && (used.residentMb() ?? 0) > memoryLimitMb / 2) used.kill(cancelled());
    dispatch();
  }

  function enqueue(task: Task, owner: string): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => entry.giveUp(tooManyWaiting()), longestWaitSeconds * 1000).unref();
      const cancel = (): void => entry.giveUp(cancelled());
      const entry: WaitingTask = {
        task,
        owner,
        start(running) {
          stopWaiting();
          resolve(running);
        },
        giveUp(failure) {
          stopWaiting();
          turns.remove(entry);
          reject(failure);
        },
      };
      function stopWaiting(): void {
        clearTimeout(timer);
        task.signal?.removeEventListener('abort', cancel);
      }
      task.signal?.addEventListener('abort', cancel, { once: true });
      turns.add(entry);
      dispatch();
    });
  }

  async function run({ owner = '', ...request }: CheckRequest, work: Work): Promise<StatementResult> {
    if (closed || request.signal?.aborted) throw cancelled();
    checkText(request.statement);
    if (turns.waiting >= maxWaiting) makeRoom(owner);
    return enqueue({ timeoutSeconds, ...request, work }, owner);
  }

  /** Whoever has the most waiting gives way: the newcomer, or the newest of somebody else. */
  function makeRoom(owner: string): void {
    const last = turns.newestOfMost();
    if (!last || last.owner === owner) throw tooManyWaiting();
    last.giveUp(tooManyWaiting());
  }

  return {
    warm() {
      if (processes.size === 0 && !closed) startProcess();
    },
    run: ({ limit, ...request }) => run(request, { kind: 'rows', limit: clampLimit(limit) }),
    check: async (request) => (await run(request, { kind: 'check' })).tables,
    inspect: (request) => run(request, { kind: 'check' }),
    async close() {
      closed = true;
      for (const entry of turns.all()) entry.giveUp(cancelled());
      for (const child of processes) child.kill(cancelled());
      await Promise.all(Array.from(processes, (child) => child.exited));
    },
  };
}

function clampLimit(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), maxRows);
}

function checkText(statement: string): void {
  if (Buffer.byteLength(statement) > maxStatementBytes) {
    throw new StatementRefusedError(`A statement has at most ${maxStatementBytes} bytes; write a shorter one.`);
  }
  // DuckDB's parser would stop reading there, and what runs must be what was checked.
  if (statement.includes('\0')) throw new StatementRefusedError('The statement holds a NUL character; take it out.');
}

function tooManyWaiting(): StatementsBusyError {
  return new StatementsBusyError('Too many statements wait already; try again in a moment.');
}
