import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { packageRoot } from '../kernel/package-root.ts';
import {
  outOfMemory,
  receiveFailure,
  StatementCancelledError,
  StatementFailedError,
  StatementTimeoutError,
} from './statement-errors.ts';
import {
  catalogsPerChild,
  type Catalog,
  type FromChild,
  type ResultColumn,
  type ToChild,
} from './statement-protocol.ts';

/** One statement for a child; `limit` at least 1. */
export interface Task {
  catalog: Catalog;
  statement: string;
  limit: number;
  timeoutSeconds: number;
  signal?: AbortSignal;
}

/** What a statement found. Rows beyond the limit are left out, and then `truncated` is true. */
export interface StatementResult {
  columns: ResultColumn[];
  rows: unknown[][];
  truncated: boolean;
  /** The `sqlName`s it read, sorted. */
  tables: string[];
}

const killGraceMs = 500;
const memoryPollMs = 50;

interface Run {
  result: StatementResult;
  /** The child has it. */
  sent: boolean;
  /** Why the statement is being stopped, once it is. */
  stopReason?: Failure;
  resolve(result: StatementResult): void;
  reject(failure: Failure): void;
}

/** One child process with the catalogs it holds. It runs one statement at a time. */
export class StatementProcess {
  readonly #child: ChildProcess;
  readonly #memoryLimitMb: number;
  readonly #log: Log | undefined;
  readonly #ready: Promise<void>;
  /** Resolves when the process is gone, to whether it had ever been ready. */
  readonly exited: Promise<boolean>;
  /** Keys of the catalogs it holds, the least recently used first. */
  readonly #held = new Set<string>();
  #run: Run | undefined;
  #lastWords = '';
  #state: 'starting' | 'ready' | 'ending' | 'ended' = 'starting';

  constructor({ memoryLimitMb, log }: { memoryLimitMb: number; log?: Log }) {
    this.#memoryLimitMb = memoryLimitMb;
    this.#log = log;
    this.#child = fork(join(packageRoot, 'dist/statement-child.js'), [String(Math.floor(memoryLimitMb / 2))], {
      cwd: '/',
      env: {},
      execArgv: ['--max-old-space-size=512'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
    });
    this.#child.on('error', (error) => this.#end(error.message));
    let worked = false;
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.#end(`the statement process ended with ${signal ?? code} ${this.#lastWords}`.trimEnd());
        resolve(worked);
      });
    });
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', (message: FromChild) => {
        if (message.kind !== 'ready') return this.#receive(message);
        if (this.#state === 'starting') this.#state = 'ready';
        worked = true;
        resolve();
      });
    });
  }

  /** Whether it may be given a statement now; it may still be starting. */
  get idle(): boolean {
    return (this.#state === 'starting' || this.#state === 'ready') && !this.#run;
  }

  /** Whether the child has the catalog's views already. */
  holds(catalogKey: string): boolean {
    return this.#held.has(catalogKey);
  }

  /** Runs one statement; rejects with a `Failure` and nothing else. Only for an idle child. */
  run(task: Task): Promise<StatementResult> {
    return new Promise<StatementResult>((resolve, reject) => {
      const result = { columns: [], rows: [], truncated: false, tables: [] };
      const run: Run = { result, sent: false, resolve, reject };
      this.#run = run;
      const stopWatching = this.#watch(task);
      run.resolve = (found) => resolve(this.#finish(stopWatching, found));
      run.reject = (failure) => reject(this.#finish(stopWatching, failure));
      void this.#ready.then(() => {
        if (this.#run !== run) return;
        run.sent = true;
        this.#send(this.#order(task));
      });
    });
  }

  /** Ends the process at once; a running statement fails with `reason`. */
  kill(reason: Failure): void {
    if (this.#run) this.#run.stopReason ??= reason;
    this.#state = 'ending';
    this.#child.kill('SIGKILL');
  }

  /** Resident memory in megabytes; undefined where /proc does not tell. */
  residentMb(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
    } catch {
      return undefined;
    }
  }

  #order({ catalog, statement, limit }: Task): ToChild {
    const order = { kind: 'run', statement, limit, catalogKey: catalog.key } as const;
    if (this.#held.delete(catalog.key)) {
      this.#held.add(catalog.key);
      return order;
    }
    const [oldest] = this.#held.size >= catalogsPerChild ? this.#held : [];
    if (oldest !== undefined) this.#held.delete(oldest);
    this.#held.add(catalog.key);
    return { ...order, tables: catalog.tables, forgetCatalogKey: oldest };
  }

  /** Stops the statement when its time, its memory or its caller's patience ends. */
  #watch({ timeoutSeconds, signal }: Task): () => void {
    const timeout = setTimeout(() => this.#interrupt(timedOut(timeoutSeconds)), timeoutSeconds * 1000);
    const memory = setInterval(() => {
      const residentMb = this.residentMb() ?? 0;
      if (residentMb > this.#memoryLimitMb) this.kill(outOfMemory(`resident memory ${Math.round(residentMb)} MB`));
    }, memoryPollMs);
    const abort = () => this.#interrupt(cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    return () => {
      clearTimeout(timeout);
      clearInterval(memory);
      signal?.removeEventListener('abort', abort);
    };
  }

  #interrupt(reason: Failure): void {
    const run = this.#run;
    if (!run || run.stopReason) return;
    run.stopReason = reason;
    if (!run.sent) return run.reject(reason);
    this.#send({ kind: 'interrupt' });
    setTimeout(() => {
      if (this.#run === run) this.kill(reason);
    }, killGraceMs);
  }

  #finish<T>(stopWatching: () => void, outcome: T): T {
    stopWatching();
    this.#run = undefined;
    return outcome;
  }

  #receive(message: Exclude<FromChild, { kind: 'ready' }>): void {
    const run = this.#run;
    if (!run) return;
    if (message.kind === 'columns') Object.assign(run.result, { columns: message.columns, tables: message.tables });
    else if (message.kind === 'rows') run.result.rows.push(...(JSON.parse(message.json) as unknown[][]));
    else if (message.kind === 'failed') run.reject(run.stopReason ?? receiveFailure(message.failure));
    else if (run.stopReason) run.reject(run.stopReason);
    else run.resolve({ ...run.result, truncated: message.truncated });
  }

  #send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #end(detail: string): void {
    if (this.#state === 'ended') return;
    if (this.#state !== 'ending') this.#log?.error({ detail }, 'a statement process ended');
    const failure = this.#state === 'starting' ? processNotStarted(detail) : processEnded(detail);
    this.#state = 'ended';
    this.#run?.reject(this.#run.stopReason ?? failure);
  }
}

/** The failure of a statement whose caller went away or whose pool was closed. */
export function cancelled(): StatementCancelledError {
  return new StatementCancelledError('The statement was cancelled.');
}

function timedOut(timeoutSeconds: number): StatementTimeoutError {
  return new StatementTimeoutError(
    `The statement ran longer than ${timeoutSeconds} seconds and was stopped; filter or aggregate earlier.`,
  );
}

function processEnded(detail: string): StatementFailedError {
  return new StatementFailedError('The statement ended the process that ran it; write it in a simpler way.', detail);
}

function processNotStarted(detail: string): StatementFailedError {
  return new StatementFailedError('Statements cannot run now; an administrator finds the reason in the log.', detail);
}
