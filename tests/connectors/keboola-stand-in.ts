import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { awsRefusal, type StandInRequest } from './keboola-stand-in-aws.ts';

/** A table of the project. NULL and the empty text differ, as in an export of a typed table. */
export interface StandInTable {
  id: string;
  columns: string[];
  rows: (string | null)[][];
  /** Unix seconds at which each row was imported; left out: long ago. */
  imported?: number[];
  primaryKey?: string[];
  /** Of the columns: what Keboola and others know of them. */
  columnMetadata?: Record<string, { key: string; value: string; provider: string }[]>;
  metadata?: { key: string; value: string; provider: string }[];
  definition?: {
    columns: { name: string; basetype?: string; definition: { type: string; length?: string | number } }[];
  };
  isAlias?: boolean;
  sourceTable?: { id: string; columnMetadata?: StandInTable['columnMetadata'] };
  backend?: string;
  lastImportDate?: string;
  lastChangeDate?: string;
  /** Takes the place of the rows in a large export: the text of each slice. */
  slices?: (() => Iterable<string>)[];
}

/** What happens to a request instead of an answer: a status, a cut in the middle of the answer, a connection that is closed at once, or silence. */
export type Fault = { status: number; headers?: Record<string, string>; body?: unknown } | 'cut' | 'closed' | 'silence';

interface StoredFile {
  sliced: boolean;
  parts: (() => Buffer | Iterable<string>)[];
  manifestMeta: boolean;
}

interface Job {
  polls: number;
  file?: string;
  error?: string;
}

/**
 * A stack and the storages of three clouds over real HTTP, as https://keboola.docs.apiary.io/ and
 * https://developers.keboola.com/integrate/storage/api/import-export/ describe them: export jobs, files with temporary credentials
 * (`federationToken=1`), manifests of slices without a header, links that expire. What the storages check:
 * https://cloud.google.com/storage/docs/authentication (a bearer token), Signature Version 4 of AWS, and the shared access
 * signature in a query, https://learn.microsoft.com/rest/api/storageservices/delegate-access-with-shared-access-signature.
 */
export class KeboolaStandIn {
  readonly token = 'standin-1234-secret';
  readonly tables = new Map<string, StandInTable>();
  readonly requests: StandInRequest[] = [];
  provider: 'aws' | 'gcp' | 'azure' = 'azure';
  /** Into how many slices an export goes; with 0 it is one file with a header. */
  slices = 0;
  gzip = true;
  /** Polls for which a job waits. */
  polls = 1;
  /** What the next export jobs fail with. */
  jobError: string | undefined;
  /** Asked for each request; what it answers happens instead. */
  fault: (request: StandInRequest) => Fault | undefined = () => undefined;

  readonly #server: Server;
  readonly #files = new Map<string, StoredFile>();
  readonly #jobs = new Map<string, Job>();
  #count = 0;
  #generation = 0;
  #oldest = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<KeboolaStandIn> {
    const standIn = new KeboolaStandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  put(table: StandInTable): void {
    this.tables.set(table.id, table);
  }

  /** Every link and credential that was given out so far is refused from now on. */
  expire(): void {
    this.#oldest = this.#generation + 1;
  }

  /** Requests whose path fits. */
  asked(pattern: RegExp): StandInRequest[] {
    return this.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`));
  }

  /** `fetch` that leads the hosts of Google and Amazon here. */
  readonly fetch: typeof globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol === 'http:') return fetch(url, init);
    return fetch(`${this.url}/_host/${url.host}${url.pathname}${url.search}`, init);
  };

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const [, host = this.host, path = incoming.url ?? ''] = /^\/_host\/([^/]+)(.*)$/.exec(incoming.url ?? '') ?? [];
    const { method = 'GET', headers } = incoming;
    const request = { method, host, path, headers, body: Buffer.concat(chunks).toString() };
    this.requests.push(request);
    const fault = this.fault(request);
    if (fault === 'silence') return;
    if (typeof fault === 'object') return json(response, fault.status, fault.body ?? { error: 'fault' }, fault.headers);
    if (fault === 'closed' || (fault === 'cut' && path.startsWith('/v2/storage/'))) return void response.destroy();
    if (path.startsWith('/v2/storage/')) return this.#api(request, response);
    const found = this.#object(request);
    if (typeof found === 'number') return json(response, found, { error: 'refused' });
    await send(request, response, { content: found, cut: fault === 'cut' });
  }

  #api(request: StandInRequest, response: ServerResponse): void {
    if (request.headers['x-storageapi-token'] !== this.token) {
      return json(response, 401, { error: 'Invalid access token', code: 'storage.tokenInvalid' });
    }
    const { pathname } = new URL(request.path, this.url);
    const [kind = '', id = '', action = ''] = pathname.slice('/v2/storage/'.length).split('/').map(decodeURIComponent);
    const missing = () => json(response, 404, { error: `The ${kind} "${id}" was not found in the project "1"` });
    if (kind === 'tokens') return json(response, 200, { id: '1', owner: { id: 1 } });
    if (kind === 'buckets' && id === '') return json(response, 200, this.#buckets());
    if (kind === 'buckets')
      return json(
        response,
        200,
        this.#listed().filter(({ bucket }) => bucket.id === id),
      );
    if (kind === 'tables' && id === '') return json(response, 200, this.#listed());
    if (kind === 'tables') {
      const table = this.tables.get(id);
      if (!table) return missing();
      if (action === 'metadata') return takeMetadata(table, request, response);
      return action === 'export-async' ? this.#export(table, request, response) : json(response, 200, detail(table));
    }
    if (kind === 'jobs') return this.#job(id, response);
    if (kind === 'files' && this.#files.has(id)) return json(response, 200, this.#file(id));
    return missing();
  }

  #buckets() {
    return [...new Map(this.#listed().map(({ bucket }) => [bucket.id, bucket])).values()];
  }

  #listed() {
    return [...this.tables.values()].map(detail);
  }

  #export(table: StandInTable, request: StandInRequest, response: ServerResponse): void {
    this.#count += 1;
    const id = String(this.#count);
    const wanted = JSON.parse(request.body) as ExportBody;
    const columns = wanted.columns?.split(',') ?? table.columns;
    const lines = chosenRows(table, wanted).map((row) =>
      csvLine(columns.map((name) => row[table.columns.indexOf(name)] ?? null)),
    );
    const pack = (text: string) => (this.gzip ? gzipSync(text) : Buffer.from(text));
    const count = Math.max(this.slices, 1);
    const size = Math.ceil(lines.length / count);
    const header = this.slices > 0 ? '' : csvLine(columns);
    const parts = table.slices ?? [];
    this.#files.set(id, {
      sliced: this.slices > 0,
      manifestMeta: table.slices === undefined,
      parts:
        parts.length > 0
          ? parts
          : Array.from({ length: count }, (_, index) => {
              const part = pack(header + lines.slice(index * size, (index + 1) * size).join(''));
              return () => part;
            }),
    });
    this.#jobs.set(id, { polls: this.polls, file: id, ...(this.jobError !== undefined && { error: this.jobError }) });
    json(response, 202, { id: Number(id), status: 'waiting', url: `${this.url}/v2/storage/jobs/${id}`, results: null });
  }

  #job(id: string, response: ServerResponse): void {
    const job = this.#jobs.get(id);
    if (!job) return json(response, 404, { error: 'Job not found' });
    job.polls -= 1;
    if (job.polls >= 0) return json(response, 200, { id, status: 'processing', results: null });
    if (job.error !== undefined) return json(response, 200, { id, status: 'error', error: { message: job.error } });
    return json(response, 200, { id, status: 'success', results: { file: { id: Number(job.file) }, cacheHit: false } });
  }

  #file(id: string) {
    this.#generation += 1;
    const generation = String(this.#generation);
    const { sliced } = this.#files.get(id)!;
    const common = {
      id: Number(id),
      isSliced: sliced,
      provider: this.provider,
      region: 'eu-central-1',
      name: 'x.csv.gz',
    };
    const url = `${this.url}/signed/${id}/${sliced ? 'manifest' : '0'}?generation=${generation}`;
    if (this.provider === 'gcp') {
      return {
        ...common,
        url,
        gcsCredentials: { access_token: `gcs-${generation}`, expires_in: 3599, token_type: 'Bearer' },
      };
    }
    if (this.provider === 'aws') {
      const credentials = { AccessKeyId: `AKIA${generation}`, SecretAccessKey: `aws-secret-${generation}` };
      return { ...common, url, credentials: { ...credentials, SessionToken: `session/${generation}=` } };
    }
    const signature = `SharedAccessSignature=sv=2020-10-02&sig=sas-${generation}`;
    return { ...common, url, absCredentials: { SASConnectionString: `BlobEndpoint=${this.url}/;${signature}` } };
  }

  /** The content behind a download, or the status of its refusal. */
  #object(request: StandInRequest): Buffer | Iterable<string> | number {
    const url = new URL(request.path, `https://${request.host}`);
    const signed = /^\/signed\/(\d+)\/(manifest|\d+)$/.exec(url.pathname);
    if (signed) {
      if (!this.#isFresh(url.searchParams.get('generation'))) return 400;
      return this.#content(signed[1] ?? '', signed[2] ?? '');
    }
    const [, id, part] = /\/exports?\/(\d+)\/(\d+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    if (id === undefined || part === undefined) return 404;
    const generation = this.#openedBy(request, url);
    return this.#isFresh(generation) ? this.#content(id, part) : 403;
  }

  #isFresh(generation: string | null | undefined): boolean {
    return generation !== null && generation !== undefined && Number(generation) >= this.#oldest;
  }

  /** Which of the credentials that were given out opens the object; undefined when none does. */
  #openedBy(request: StandInRequest, url: URL): string | undefined {
    if (request.host === 'storage.googleapis.com') {
      return /^Bearer gcs-(\d+)$/.exec(String(request.headers['authorization']))?.[1];
    }
    if (request.host.endsWith('.amazonaws.com')) {
      const generation = /Credential=AKIA(\d+)\//.exec(String(request.headers['authorization']))?.[1];
      return awsRefusal(request, `aws-secret-${generation}`) === undefined ? generation : undefined;
    }
    return /^sas-(\d+)$/.exec(url.searchParams.get('sig') ?? '')?.[1];
  }

  #content(id: string, part: string): Buffer | Iterable<string> | number {
    const file = this.#files.get(id);
    if (!file) return 404;
    if (part !== 'manifest') return file.parts[Number(part)]?.() ?? 404;
    const address = (index: number) => {
      if (this.provider === 'gcp') return `gs://bucket/exports/${id}/${index}`;
      return this.provider === 'aws'
        ? `s3://bucket/exp 1/exports/${id}/${index}`
        : `azure://${this.host}/export/${id}/${index}`;
    };
    const entries = file.parts.map((content, index) => {
      const bytes = content();
      const meta = file.manifestMeta && Buffer.isBuffer(bytes) ? { meta: { content_length: bytes.length } } : {};
      return { url: address(index), mandatory: true, ...meta };
    });
    return Buffer.from(JSON.stringify({ entries }));
  }
}

/**
 * Of one provider each key counts once. Groups of entries have a number or the name of their column, and then the column need
 * not stand in the entry: https://keboola.docs.apiary.io/#reference/metadata/table-metadata
 */
function takeMetadata(table: StandInTable, request: StandInRequest, response: ServerResponse): void {
  const { provider, columnsMetadata } = JSON.parse(request.body) as {
    provider: string;
    columnsMetadata: Record<string, { columnName?: string; key: string; value: string }[]>;
  };
  const given = Object.entries(columnsMetadata).flatMap(([group, entries]) =>
    entries.map(({ columnName = group, key, value }) => ({ columnName, key, value })),
  );
  if (given.length === 0) return json(response, 400, { error: 'Neither metadata nor columnsMetadata' });
  const unknown = given.find(({ columnName }) => !table.columns.includes(columnName));
  if (unknown) return json(response, 404, { error: `The column "${unknown.columnName}" was not found` });
  const known = { ...table.columnMetadata };
  for (const { columnName, key, value } of given) {
    const others = (known[columnName] ?? []).filter((entry) => entry.provider !== provider || entry.key !== key);
    known[columnName] = [...others, { key, value, provider }];
  }
  table.columnMetadata = known;
  json(response, 201, { metadata: [], columnsMetadata: known });
}

interface ExportBody {
  columns?: string;
  changedSince?: string;
  whereFilters?: { column: string; operator?: string; values: string[] }[];
}

function chosenRows(table: StandInTable, { changedSince, whereFilters = [] }: ExportBody): (string | null)[][] {
  return table.rows.filter((row, index) => {
    if (changedSince !== undefined && (table.imported?.[index] ?? 0) < Number(changedSince)) return false;
    return whereFilters.every(({ column, operator = 'eq', values }) => {
      const value = row[table.columns.indexOf(column)] ?? '';
      const [first = ''] = values;
      if (operator === 'eq') return values.includes(value);
      if (operator === 'ne') return !values.includes(value);
      if (operator === 'ge') return value >= first;
      if (operator === 'gt') return value > first;
      return operator === 'le' ? value <= first : value < first;
    });
  });
}

function csvLine(values: (string | null)[]): string {
  return `${values.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
}

function detail(table: StandInTable) {
  const [stage = '', bucket = '', name = ''] = table.id.split('.');
  const { rows: _rows, imported: _imported, slices: _slices, backend = 'snowflake', ...told } = table;
  return {
    primaryKey: [] as string[],
    lastImportDate: '2026-01-01T10:00:00+0100',
    lastChangeDate: '2026-01-01T10:00:01+0100',
    isAlias: false,
    metadata: [],
    // As PHP writes an empty map.
    columnMetadata: [],
    ...told,
    name,
    bucket: { id: `${stage}.${bucket}`, backend },
  };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function send(
  request: StandInRequest,
  response: ServerResponse,
  { content, cut }: { content: Buffer | Iterable<string>; cut: boolean },
): Promise<void> {
  if (!Buffer.isBuffer(content)) {
    response.writeHead(200);
    await pipeline(Readable.from(content, { objectMode: false }), response);
    return;
  }
  const etag = `"${createHash('md5').update(content).digest('hex')}"`;
  const range = /^bytes=(\d+)-$/.exec(String(request.headers['range']));
  const start = range && request.headers['if-range'] === etag ? Number(range[1]) : 0;
  const headers = { ETag: etag, 'Content-Length': content.length - start };
  if (start > 0)
    response.writeHead(206, { ...headers, 'Content-Range': `bytes ${start}-${content.length - 1}/${content.length}` });
  else response.writeHead(200, headers);
  if (!cut) {
    response.end(content.subarray(start));
    return;
  }
  response.write(content.subarray(start, start + Math.ceil((content.length - start) / 2)), () => {
    setTimeout(() => response.destroy(), 50);
  });
}
