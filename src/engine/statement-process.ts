import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { packageRoot } from '../kernel/package-root.ts';
import { planAttachments, type RemoteSettings } from './remote-attachment.ts';
import {
  cancelled,
  outOfMemory,
  processEnded,
  processNotStarted,
  receiveFailure,
  timedOut,
} from './statement-errors.ts';
import {
  catalogsPerChild,
  type Catalog,
  type FromChild,
  type ResultColumn,
  type ToChild,
  type UnreadTable,
  type Work,
} from './statement-protocol.ts';

/** One statement for a child; the limit of rows is at least 1. */
export interface Task {
  catalog: Catalog;
  statement: string;
  work: Work;
  /** Counted from when the child has it. */
  timeoutSeconds: number;
  signal?: AbortSignal;
}

/** What a statement found. Rows beyond the limit are left out, and then `truncated` is true. */
export interface StatementResult {
  columns: ResultColumn[];
  rows: unknown[][];
  truncated: boolean;
  /** How many rows are here, or were written to the file. */
  rowCount: number;
  /** The `sqlName`s it read, sorted. */
  tables: string[];
  /** Tables that have to be read at their source first; when there is one, the statement was bound and not run. */
  unread: UnreadTable[];
}

const killGraceMs = 500;
const memoryPollMs = 50;

interface Run {
  result: StatementResult;
  /** The child has it. */
  sent: boolean;
  /** Why the statement is being stopped, once it is. */
  stopReason?: Failure;
  /** Each ends one watch over the statement. */
  watches: (() => void)[];
  resolve(result: StatementResult): void;
  reject(failure: Failure): void;
}

/** One child process with the catalogs it holds. It runs one statement at a time. */
export class StatementProcess {
  /** Resolves when the process is gone, to whether it had ever been ready. */
  readonly exited: Promise<boolean>;
  readonly #child: ChildProcess;
  readonly #memoryLimitMb: number;
  readonly #log: Log | undefined;
  readonly #remotes: RemoteSettings | undefined;
  readonly #ready: Promise<void>;
  /** Keys of the catalogs it holds, the least recently used first. */
  readonly #held = new Set<string>();
  #run: Run | undefined;
  #lastWords = '';
  #worked = false;
  #state: 'alive' | 'ending' | 'ended' = 'alive';

  constructor({ memoryLimitMb, log, remotes }: { memoryLimitMb: number; log?: Log; remotes?: RemoteSettings }) {
    this.#memoryLimitMb = memoryLimitMb;
    this.#log = log;
    this.#remotes = remotes;
    this.#child = startChild(memoryLimitMb);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
    });
    this.exited = new Promise((resolve) => {
      const end = (reason: string) => resolve(this.#end(`${reason} ${this.#lastWords}`.trimEnd()));
      this.#child.on('close', (code, signal) => end(`the statement process ended with ${signal ?? code}`));
      this.#child.on('error', (error) => {
        this.#child.kill('SIGKILL');
        end(error.message);
      });
    });
    this.#ready = new Promise((resolve) => {
      this.#child.on('message', (message: FromChild) => {
        if (message.kind !== 'ready') return this.#receive(message);
        this.#worked = true;
        resolve();
      });
    });
  }

  /** Whether it may be given a statement now; it may still be starting. */
  get idle(): boolean {
    return this.#state === 'alive' && !this.#run;
  }

  /** Whether the child has opened the catalog already. */
  holds(catalogKey: string): boolean {
    return this.#held.has(catalogKey);
  }

  /** Runs one statement; rejects with a `Failure` and nothing else. Only for an idle child. */
  run(task: Task): Promise<StatementResult> {
    return new Promise<StatementResult>((resolve, reject) => {
      const result = { columns: [], rows: [], truncated: false, rowCount: 0, tables: [], unread: [] };
      const run: Run = { result, sent: false, watches: [], resolve, reject };
      this.#run = run;
      this.#watchCaller(run, task.signal);
      void this.#ready.then(() => {
        if (this.#run === run) this.#start(run, task);
      });
    });
  }

  /** Stops the running statement, which fails with `reason`. */
  stop(reason: Failure): void {
    if (this.#run) this.#interrupt(this.#run, reason);
  }

  /** Ends the process at once; for one that has nothing to do. */
  end(): void {
    this.kill(cancelled());
  }

  /** Ends the process at once; a running statement fails with `reason`. */
  kill(reason: Failure): void {
    if (this.#run) this.#run.stopReason ??= reason;
    if (this.#state === 'alive') this.#state = 'ending';
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

  #start(run: Run, task: Task): void {
    run.sent = true;
    this.#send(this.#order(task));
    this.#watchTime(run, task.timeoutSeconds);
    this.#watchMemory(run);
  }

  #order({ catalog, statement, work }: Task): ToChild {
    const order = { kind: 'run', statement, work, catalogKey: catalog.key, ...this.#attachmentsFor(catalog) } as const;
    if (catalog.once) return { ...order, tables: catalog.tables, once: true };
    if (this.#held.delete(catalog.key)) {
      this.#held.add(catalog.key);
      return order;
    }
    const [oldest] = this.#held.size >= catalogsPerChild ? this.#held : [];
    if (oldest !== undefined) this.#held.delete(oldest);
    this.#held.add(catalog.key);
    return { ...order, tables: catalog.tables, forgetCatalogKey: oldest };
  }

  /** Looked up for each statement: what may be attached, and whether it is there, can have changed. */
  #attachmentsFor({ tables }: Catalog): Pick<Extract<ToChild, { kind: 'run' }>, 'attachments'> {
    const remotes = tables.flatMap(({ remote }) => remote ?? []);
    if (remotes.length === 0 || !this.#remotes) return {};
    return { attachments: planAttachments(remotes, this.#remotes) };
  }

  #watchCaller(run: Run, signal: AbortSignal | undefined): void {
    const abort = () => this.#interrupt(run, cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    run.watches.push(() => signal?.removeEventListener('abort', abort));
  }

  #watchTime(run: Run, timeoutSeconds: number): void {
    const timer = setTimeout(() => this.#interrupt(run, timedOut(timeoutSeconds)), timeoutSeconds * 1000);
    run.watches.push(() => clearTimeout(timer));
  }

  #watchMemory(run: Run): void {
    const timer = setInterval(() => {
      const residentMb = this.residentMb() ?? 0;
      if (residentMb > this.#memoryLimitMb) this.kill(outOfMemory(`resident memory ${Math.round(residentMb)} MB`));
    }, memoryPollMs);
    run.watches.push(() => clearInterval(timer));
  }

  #interrupt(run: Run, reason: Failure): void {
    if (run.stopReason) return;
    run.stopReason = reason;
    if (!run.sent) return this.#finish(run).reject(reason);
    this.#send({ kind: 'interrupt' });
    const timer = setTimeout(() => this.kill(reason), killGraceMs);
    run.watches.push(() => clearTimeout(timer));
  }

  #receive(message: Exclude<FromChild, { kind: 'ready' }>): void {
    const run = this.#run;
    if (!run) return;
    if (message.kind === 'tables') run.result.tables = message.tables;
    else if (message.kind === 'unread') run.result.unread = message.unread;
    else if (message.kind === 'columns') run.result.columns = message.columns;
    else if (message.kind === 'rows') run.result.rows.push(...(JSON.parse(message.json) as unknown[][]));
    else if (run.stopReason) this.#finish(run).reject(run.stopReason);
    else if (message.kind === 'failed') this.#finish(run).reject(receiveFailure(message.failure));
    else this.#finish(run).resolve({ ...run.result, truncated: message.truncated, rowCount: message.rowCount });
  }

  #finish(run: Run): Run {
    for (const stopWatching of run.watches) stopWatching();
    this.#run = undefined;
    return run;
  }

  #send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** Returns whether the process had ever been ready. */
  #end(detail: string): boolean {
    if (this.#state === 'alive') this.#log?.error({ detail }, 'a statement process ended');
    this.#state = 'ended';
    const run = this.#run;
    const failure = this.#worked ? processEnded(detail) : processNotStarted(detail);
    if (run) this.#finish(run).reject(run.stopReason ?? failure);
    return this.#worked;
  }
}

/** Without environment, in a folder where no relative path leads anywhere, and without the parent's own flags. */
function startChild(memoryLimitMb: number): ChildProcess {
  return fork(join(packageRoot, 'dist/statement-child.js'), [String(Math.floor(memoryLimitMb / 2))], {
    cwd: '/',
    env: {},
    execArgv: ['--max-old-space-size=512'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
