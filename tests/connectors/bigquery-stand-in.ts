import { DuckDBInstance, type DuckDBConnection, type DuckDBInstance as Instance } from '@duckdb/node-api';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StandInAccounts } from './bigquery-accounts.ts';
import { encodeRow, fieldOf, type StandInField } from './bigquery-values.ts';

/** Something that goes wrong with requests whose `<method> <path>` fits. */
export interface Fault {
  on: RegExp;
  times?: number;
  status?: number;
  reason?: string;
  message?: string;
  headers?: Record<string, string>;
  /** Does what is asked, then cuts the connection instead of answering. */
  cut?: boolean;
}

interface StoredTable {
  type: 'TABLE' | 'VIEW';
  description?: string;
  timePartitioning?: { type: string; field?: string };
}

interface Job {
  id: string;
  location: string;
  sql: string;
  configuration: JobConfiguration;
  state: 'RUNNING' | 'DONE';
  error?: { reason: string; message: string };
  rows: number;
}

interface JobConfiguration {
  dryRun?: boolean;
  labels?: Record<string, string>;
  query: { query: string; useLegacySql: boolean; maximumBytesBilled?: string };
}

interface Request {
  method: string;
  path: string[];
  query: URLSearchParams;
  body: string;
  authorization: string | undefined;
}

/** An answer in Google's format: https://cloud.google.com/bigquery/docs/error-messages */
class GoogleFault extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * BigQuery's REST interface over a real DuckDB, as far as we use it, by
 * https://cloud.google.com/bigquery/docs/reference/rest: datasets.list, tables.list, tables.get, tabledata.list, jobs.insert,
 * jobs.get, jobs.getQueryResults, jobs.cancel. It stands for Google's token servers, too.
 */
export class BigQueryStandIn {
  readonly project = 'shop-project';
  readonly accounts = new StandInAccounts();
  /** Each request that came in, as `GET /bigquery/v2/…`. */
  readonly requests: string[] = [];
  readonly jobs = new Map<string, Job>();
  readonly cancelled: string[] = [];
  /** Where the datasets are. */
  location = 'EU';
  /** What each statement reads. */
  bytesProcessed = '1000';
  /** The most rows of a page, whatever is asked for. */
  rowsPerPage = 1_000_000;
  /** Jobs do not end before this is false. */
  holdJobs = false;
  /** Columns of these names have types that DuckDB does not know. */
  readonly fields = new Map<string, Partial<StandInField>>();
  /** With false every connection is cut, also one on which an answer is being made. */
  reachable = true;
  /** Called before each page of rows. */
  beforePage: () => unknown = () => {};
  readonly #faults: Fault[] = [];
  readonly #tables = new Map<string, StoredTable>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #instance!: Instance;
  #database!: DuckDBConnection;

  /** Starts it with an empty project. */
  static async start(): Promise<BigQueryStandIn> {
    const standIn = new BigQueryStandIn();
    standIn.#instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    standIn.#database = await standIn.#instance.connect();
    await standIn.sql(`SET TimeZone = 'UTC'`);
    await standIn.sql(`ATTACH ':memory:' AS "${standIn.project}"`);
    standIn.#server.listen(0, '127.0.0.1');
    await once(standIn.#server, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => void this.#server.close(resolve));
    this.#database.closeSync();
    this.#instance.closeSync();
  }

  async sql(statement: string): Promise<void> {
    await this.#database.run(statement);
  }

  /** Makes or replaces a table, or a view, over a SELECT of DuckDB. */
  async table(name: string, select: string, kind: StoredTable = { type: 'TABLE' }): Promise<void> {
    const [dataset, table] = name.split('.') as [string, string];
    await this.sql(`CREATE SCHEMA IF NOT EXISTS "${this.project}"."${dataset}"`);
    await this.sql(`CREATE OR REPLACE ${kind.type} "${this.project}"."${dataset}"."${table}" AS ${select}`);
    this.#tables.set(name, kind);
  }

  async drop(name: string): Promise<void> {
    const [dataset, table] = name.split('.') as [string, string];
    await this.sql(`DROP TABLE "${this.project}"."${dataset}"."${table}"`);
    this.#tables.delete(name);
  }

  fail(fault: Fault): void {
    this.#faults.push({ times: 1, ...fault });
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const line = `${incoming.method} ${url.pathname}`;
    this.requests.push(line);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = {
      method: incoming.method ?? 'GET',
      path: url.pathname.split('/').slice(1).map(decodeURIComponent),
      query: url.searchParams,
      body: Buffer.concat(chunks).toString(),
      authorization: incoming.headers.authorization,
    };
    const fault = this.#faults.find(({ on, times }) => times! > 0 && on.test(line));
    if (fault) fault.times! -= 1;
    try {
      if (fault?.status)
        throw new GoogleFault(fault.status, fault.reason ?? '', fault.message ?? 'Something is wrong.');
      if (!this.reachable) return void response.destroy();
      const answer = await this.#route(request);
      if (fault?.cut || !this.reachable) return void response.destroy();
      send(response, answer.status, answer.body);
    } catch (error) {
      const { status, reason, message } =
        error instanceof GoogleFault ? error : new GoogleFault(500, 'internalError', String(error));
      for (const [name, value] of Object.entries(fault?.headers ?? {})) response.setHeader(name, value);
      const errors = [{ domain: 'global', reason, message }];
      send(response, status, { error: { code: status, message, errors, status: reason } });
    }
  }

  async #route(request: Request): Promise<{ status: number; body: unknown }> {
    const { method, path, body, authorization } = request;
    if (path[0] === 'token') return this.accounts.token(new URLSearchParams(body));
    if (path[0] === 'v1') {
      const email = path.at(-1)!.replace(':generateAccessToken', '');
      return this.accounts.impersonate(authorization, email, (JSON.parse(body) as { scope: string[] }).scope);
    }
    if (this.accounts.accountOf(authorization) === null) {
      throw new GoogleFault(401, 'authError', 'Request had invalid authentication credentials.');
    }
    const [project, kind, name, inner, table, data] = path.slice(3);
    if (project !== this.project && kind !== 'jobs')
      throw new GoogleFault(404, 'notFound', `Not found: Project ${project}`);
    const found = await this.#resource(request, { kind, name, inner, table, data, method });
    return { status: 200, body: found };
  }

  #resource(
    request: Request,
    at: Record<'kind' | 'name' | 'inner' | 'table' | 'data', string | undefined> & { method: string },
  ) {
    if (at.kind === 'datasets' && at.name === undefined) return this.#datasets(request);
    if (at.kind === 'datasets' && at.table === undefined) return this.#tablesOf(request, at.name!);
    if (at.kind === 'datasets' && at.data === undefined) return this.#tableNamed(`${at.name}.${at.table}`);
    if (at.kind === 'datasets') return this.#tableData(request, `${at.name}.${at.table}`);
    if (at.kind === 'jobs' && at.method === 'POST' && at.name === undefined) return this.#insert(request);
    if (at.kind === 'jobs' && at.inner === 'cancel') return this.#cancel(at.name!);
    if (at.kind === 'jobs') return this.#jobAnswer(this.#job(request, at.name!));
    return this.#results(request, at.name!);
  }

  #datasets({ query }: Request) {
    const names = [...new Set([...this.#tables.keys()].map((name) => name.split('.')[0]!))];
    const page = paged(names, query);
    const datasets = page.items.map((datasetId) => ({
      datasetReference: { projectId: this.project, datasetId },
      location: this.location,
    }));
    return { kind: 'bigquery#datasetList', datasets, ...page.next };
  }

  #tablesOf({ query }: Request, dataset: string) {
    const names = [...this.#tables.keys()].filter((name) => name.startsWith(`${dataset}.`));
    if (names.length === 0) throw new GoogleFault(404, 'notFound', `Not found: Dataset ${this.project}:${dataset}`);
    const page = paged(names, query);
    const tables = page.items.map((name) => ({ ...this.#reference(name), ...this.#listed(name) }));
    return { kind: 'bigquery#tableList', tables, ...page.next };
  }

  async #tableNamed(name: string) {
    const stored = this.#tables.get(name);
    if (!stored) throw new GoogleFault(404, 'notFound', `Not found: Table ${this.project}:${name}`);
    const fields = await this.#describe(`SELECT * FROM ${this.#relation(name)}`);
    const [[rows]] = (await this.#database.runAndReadAll(`SELECT count(*) FROM ${this.#relation(name)}`)).getRows() as [
      [bigint],
    ];
    return { ...this.#reference(name), ...stored, schema: { fields }, numRows: String(rows) };
  }

  async #tableData(request: Request, name: string) {
    if (this.#tables.get(name)?.type !== 'TABLE') {
      throw new GoogleFault(400, 'invalid', `Cannot list a table of type VIEW.`);
    }
    return { kind: 'bigquery#tableDataList', ...(await this.#page(request, this.#relation(name))) };
  }

  async #insert({ body }: Request) {
    const { configuration, jobReference = {} } = JSON.parse(body) as {
      configuration: JobConfiguration;
      jobReference?: { jobId?: string; location?: string };
    };
    if (jobReference.jobId !== undefined && this.jobs.has(jobReference.jobId)) {
      throw new GoogleFault(
        409,
        'duplicate',
        `Already Exists: Job ${this.project}:${this.location}.${jobReference.jobId}`,
      );
    }
    const sql = inDuckDB(configuration.query.query);
    const location = jobReference.location ?? this.location;
    // A statement that reads no dataset runs anywhere.
    if (location !== this.location && /\bfrom\b/i.test(sql)) {
      throw new GoogleFault(
        404,
        'notFound',
        `Not found: Dataset ${this.project}:shop was not found in location ${location}`,
      );
    }
    const query = await this.#check(sql);
    if (configuration.dryRun) {
      return {
        configuration,
        status: { state: 'DONE' },
        statistics: { totalBytesProcessed: this.bytesProcessed, query },
      };
    }
    const job: Job = { id: jobReference.jobId!, location, sql, configuration, state: 'RUNNING', rows: 0 };
    this.jobs.set(job.id, job);
    void this.#execute(job);
    return this.#jobAnswer(job);
  }

  async #check(sql: string) {
    const word = /^\s*(?:--[^\n]*\n|\s)*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';
    const statements = await this.#database.extractStatements(sql).catch((error: unknown) => {
      throw new GoogleFault(400, 'invalidQuery', `Syntax error: ${(error as Error).message}`);
    });
    const statementType = statements.count > 1 ? 'SCRIPT' : word === 'WITH' ? 'SELECT' : word;
    if (statementType !== 'SELECT') return { statementType, totalBytesProcessed: '0' };
    const fields = await this.#describe(sql);
    const referencedTables = this.#database.getTableNames(sql, true).map((name) => {
      const [projectId, datasetId, tableId] = name.replaceAll('"', '').split('.');
      return { projectId, datasetId, tableId };
    });
    return { statementType, schema: { fields }, referencedTables, totalBytesProcessed: this.bytesProcessed };
  }

  async #execute(job: Job): Promise<void> {
    while (this.holdJobs && job.state === 'RUNNING') await new Promise((resolve) => setTimeout(resolve, 10));
    if (job.state === 'DONE') return;
    const cap = job.configuration.query.maximumBytesBilled;
    try {
      if (cap !== undefined && BigInt(cap) < BigInt(this.bytesProcessed)) {
        throw new GoogleFault(400, 'bytesBilledLimitExceeded', 'Query exceeded limit for bytes billed.');
      }
      await this.sql(`CREATE TABLE "${job.id}" AS ${job.sql}`);
      const [[rows]] = (await this.#database.runAndReadAll(`SELECT count(*) FROM "${job.id}"`)).getRows() as [[bigint]];
      job.rows = Number(rows);
    } catch (error) {
      const reason = error instanceof GoogleFault ? error.reason : 'invalidQuery';
      job.error = { reason, message: (error as Error).message };
    }
    job.state = 'DONE';
  }

  #job({ query }: Request, id: string): Job {
    const job = this.jobs.get(id);
    if (!job || (query.get('location') ?? 'US') !== job.location) {
      throw new GoogleFault(404, 'notFound', `Not found: Job ${this.project}:${id}`);
    }
    return job;
  }

  #jobAnswer(job: Job) {
    const jobReference = { projectId: this.project, jobId: job.id, location: job.location };
    const totalBytesBilled = String(Math.max(Number(this.bytesProcessed), 10_485_760));
    const statistics = job.state === 'DONE' ? { query: { totalBytesBilled } } : {};
    return { jobReference, status: { state: job.state, errorResult: job.error }, statistics };
  }

  #cancel(id: string) {
    const job = this.jobs.get(id);
    if (!job) throw new GoogleFault(404, 'notFound', `Not found: Job ${id}`);
    this.cancelled.push(id);
    if (job.state === 'RUNNING')
      job.error = { reason: 'stopped', message: 'Job execution was cancelled: User requested cancellation' };
    job.state = 'DONE';
    return { kind: 'bigquery#jobCancelResponse', job: this.#jobAnswer(job) };
  }

  async #results(request: Request, id: string) {
    this.#job(request, id);
    const schema = { fields: await this.#describe(`SELECT * FROM "${id}"`) };
    return { jobComplete: true, schema, ...(await this.#page(request, `"${id}"`)) };
  }

  async #page({ query }: Request, relation: string) {
    const wanted = Math.min(Number(query.get('maxResults') ?? 1000), this.rowsPerPage);
    const token = query.get('pageToken');
    const start = token === null ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? NaN);
    if (Number.isNaN(start)) throw new GoogleFault(400, 'invalid', 'Invalid page token');
    if (wanted > 0) await this.beforePage();
    if (query.get('formatOptions.useInt64Timestamp') !== 'true' && wanted > 0)
      throw new Error('timestamps would be rounded');
    const [[total]] = (await this.#database.runAndReadAll(`SELECT count(*) FROM ${relation}`)).getRows() as [[bigint]];
    const read = await this.#database.runAndReadAll(
      `SELECT * FROM ${relation} WHERE rowid >= ${start} AND rowid < ${start + wanted}`,
    );
    const rows = read.getRows().map(encodeRow);
    const more = wanted > 0 && start + wanted < total;
    return {
      totalRows: String(total),
      ...(rows.length > 0 && { rows }),
      ...(more && { pageToken: `page-${start + wanted}` }),
    };
  }

  async #describe(sql: string): Promise<StandInField[]> {
    const prepared = await this.#database.prepare(sql).catch((error: unknown) => {
      throw new GoogleFault(400, 'invalidQuery', (error as Error).message);
    });
    return Array.from({ length: prepared.columnCount }, (_, index) => {
      const field = fieldOf(prepared.columnName(index), prepared.columnType(index));
      return { ...field, ...this.fields.get(field.name) };
    });
  }

  #reference(name: string) {
    const [datasetId, tableId] = name.split('.');
    return { tableReference: { projectId: this.project, datasetId, tableId } };
  }

  /** Lists tell no description: only tables.get does. */
  #listed(name: string): Omit<StoredTable, 'description'> {
    const { description: _, ...listed } = this.#tables.get(name)!;
    return listed;
  }

  #relation(name: string): string {
    return `"${this.project}"."${name.replace('.', '"."')}"`;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function paged<Item>(
  items: readonly Item[],
  query: URLSearchParams,
): { items: Item[]; next: { nextPageToken?: string } } {
  const start = Number(query.get('pageToken') ?? 0);
  const size = Math.min(Number(query.get('maxResults') ?? 50), 2);
  const next = start + size < items.length ? { nextPageToken: String(start + size) } : {};
  return { items: items.slice(start, start + size), next };
}

/** GoogleSQL's quoted identifiers, of which one may hold a whole path, as DuckDB writes them. */
function inDuckDB(sql: string): string {
  return sql.replaceAll(/`((?:[^`\\]|\\.)*)`/g, (_, quoted: string) => {
    const parts = quoted.replaceAll(/\\(.)/g, '$1').split('.');
    return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  });
}
