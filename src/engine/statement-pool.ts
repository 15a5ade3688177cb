import { availableParallelism } from 'node:os';
import type { Failure } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { cancelled, StatementRefusedError, StatementsBusyError } from './statement-errors.ts';
import { StatementProcess, type StatementResult, type Task } from './statement-process.ts';
import type { Catalog } from './statement-protocol.ts';

export type { StatementResult } from './statement-process.ts';
export type { Catalog, RowCondition } from './statement-protocol.ts';

/** A statement of a user over a catalog. `limit` is clamped to 1–10,000. */
export interface StatementRequest {
  catalog: Catalog;
  statement: string;
  limit: number;
  timeoutSeconds?: number;
  /** Stops the statement, also while it waits. */
  signal?: AbortSignal;
}

/** Runs statements in child processes, each of which runs one at a time. */
export interface StatementPool {
  /** Rejects with a `Failure` of `statement-errors.ts` and nothing else. */
  run(request: StatementRequest): Promise<StatementResult>;
  /** Cancels what runs and waits, and resolves once every child has ended. */
  close(): Promise<void>;
}

export interface StatementPoolOptions {
  /** Child processes, at most; default one per core. */
  size?: number;
  /** Resident memory at which a child is ended; DuckDB may take half of it. */
  memoryLimitMb?: number;
  /** For requests that name none. */
  timeoutSeconds?: number;
  log?: Log;
}

const maxRows = 10_000;
const maxStatementBytes = 100_000;
const maxWaiting = 200;
const longestWaitSeconds = 30;

interface Waiting {
  task: Task;
  start(running: Promise<StatementResult>): void;
  /** Takes it out of the queue and tells its caller why. */
  giveUp(failure: Failure): void;
}

/** Opens a pool and starts its first child, so that the first statement need not wait for one. */
export function openStatementPool(options: StatementPoolOptions = {}): StatementPool {
  const { size = availableParallelism(), memoryLimitMb = 1024, timeoutSeconds = 60, log } = options;
  const processes = new Set<StatementProcess>();
  const waiting: Waiting[] = [];
  let closed = false;
  startProcess();

  function startProcess(): StatementProcess {
    const started = new StatementProcess({ memoryLimitMb, log });
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
    while (!closed && waiting[0]) {
      const chosen = chooseProcess(waiting[0].task.catalog.key);
      if (!chosen) return;
      const next = waiting.shift()!;
      next.start(chosen.run(next.task).finally(() => afterRun(chosen)));
    }
  }

  function afterRun(used: StatementProcess): void {
    // What the allocator keeps after a heavy statement must not end the next one.
    if (used.idle && (used.residentMb() ?? 0) > memoryLimitMb / 2) used.kill(cancelled());
    dispatch();
  }

  function enqueue(task: Task): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => entry.giveUp(tooManyWaiting()), longestWaitSeconds * 1000).unref();
      const cancel = (): void => entry.giveUp(cancelled());
      const entry: Waiting = {
        task,
        start(running) {
          stopWaiting();
          resolve(running);
        },
        giveUp(failure) {
          stopWaiting();
          waiting.splice(waiting.indexOf(entry), 1);
          reject(failure);
        },
      };
      function stopWaiting(): void {
        clearTimeout(timer);
        task.signal?.removeEventListener('abort', cancel);
      }
      task.signal?.addEventListener('abort', cancel, { once: true });
      waiting.push(entry);
      dispatch();
    });
  }

  return {
    async run(request) {
      if (closed || request.signal?.aborted) throw cancelled();
      checkText(request.statement);
      if (waiting.length >= maxWaiting) throw tooManyWaiting();
      return enqueue({ timeoutSeconds, ...request, limit: clampLimit(request.limit) });
    },
    async close() {
      closed = true;
      for (const entry of waiting.slice()) entry.giveUp(cancelled());
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
