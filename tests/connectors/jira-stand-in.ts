import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

// A stand-in for Jira Cloud by its public documents:
// the developer pages of Jira Cloud, /cloud/jira/platform/rest/v3/ (issue search by JQL with nextPageToken and isLast, issue with
// expand=changelog, comments and changelogs with startAt/maxResults/total, remote links, myself, attachment content by redirect),
// the developer pages of Jira Cloud, /cloud/jira/platform/rate-limiting/ (429 with Retry-After) and
// the developer pages of Jira Cloud, /cloud/jira/platform/webhooks/ (events, X-Hub-Signature, X-Atlassian-Webhook-Identifier).

type Json = Record<string, unknown>;

/** An issue as the stand-in holds it. */
export interface StandInIssue {
  id: string;
  key: string;
  fields: Json & { created: string; updated: string };
  comments: Json[];
  histories: Json[];
  remoteLinks: Json[];
}

/** A request that came in. */
export interface SeenRequest {
  method: string;
  path: string;
  authorization: string | undefined;
}

/** How the next requests whose path fits shall be answered instead. */
interface Fault {
  path: RegExp;
  status: number;
  headers?: Record<string, string>;
  times: number;
}

const pageLimit = 100;
/** What an issue carries of its comments and changes without being asked for pages. */
const embedded = 2;

/** A Jira site with one account. */
export class JiraStandIn {
  readonly email = 'sync@example.com';
  readonly token = 'token-of-the-stand-in';
  readonly secret = 'a secret of the webhook';
  readonly issues = new Map<string, StandInIssue>();
  readonly requests: SeenRequest[] = [];
  /** Bytes of attachments by their ids. */
  readonly files = new Map<string, Buffer>();
  /** Requests that came to the other host, which serves the bytes of attachments. */
  readonly mediaRequests: SeenRequest[] = [];
  /** Values that only the account of agreements sees, by issue id. */
  readonly faults: Fault[] = [];
  /** How many requests were answered at the same moment, at most. */
  mostAtOnce = 0;
  hidden = false;
  /** With false every connection is cut. */
  reachable = true;
  /** Called with the path of each request before it is answered. */
  beforeAnswer: (path: string) => void = () => {};
  #atOnce = 0;
  #nextId = 10_000;
  #server: Server;
  #media: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#media = createServer((request, response) => this.#answerMedia(request, response));
  }

  static async start(): Promise<JiraStandIn> {
    const standIn = new JiraStandIn();
    for (const server of [standIn.#server, standIn.#media]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get mediaUrl(): string {
    return `http://127.0.0.1:${(this.#media.address() as AddressInfo).port}`;
  }

  /** The configuration of a source that reaches it, with webhooks. */
  get config(): Json {
    return { baseUrl: this.url, email: this.email, webhook: {} };
  }

  get environment(): Record<string, string> {
    return { JIRA_API_TOKEN: this.token, JIRA_WEBHOOK_SECRET: this.secret };
  }

  async close(): Promise<void> {
    for (const server of [this.#server, this.#media]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  newId(): string {
    this.#nextId += 1;
    return String(this.#nextId);
  }

  /** Adds an issue; `fields` go over the usual ones. */
  add(key: string, fields: Json = {}): StandInIssue {
    const created = String(fields['created'] ?? '2026-01-15T10:00:00.000+0000');
    const project = key.slice(0, key.lastIndexOf('-'));
    const issue: StandInIssue = {
      id: this.newId(),
      key,
      fields: {
        summary: `Summary of ${key}`,
        description: paragraph(`About ${key}`),
        issuetype: { name: 'Task' },
        status: { name: 'Open', statusCategory: { key: 'new', name: 'To Do' } },
        priority: { name: 'High' },
        project: { key: project, name: `Project ${project}` },
        creator: { emailAddress: 'ada@example.com', displayName: 'Ada' },
        reporter: { emailAddress: 'ada@example.com', displayName: 'Ada' },
        assignee: null,
        labels: ['one'],
        attachment: [],
        issuelinks: [],
        ...fields,
        created,
        updated: created,
      },
      comments: [],
      histories: [],
      remoteLinks: [],
    };
    this.issues.set(issue.id, issue);
    return issue;
  }

  byKey(key: string): StandInIssue {
    const issue = [...this.issues.values()].find((one) => one.key === key);
    if (!issue) throw new Error(`no issue ${key}`);
    return issue;
  }

  /** Changes fields, and notes that in the changelog. */
  change(issue: StandInIssue, fields: Json): void {
    const items = Object.entries(fields).map(([field, value]) => ({
      field,
      fieldtype: 'jira',
      fromString: String(issue.fields[field]),
      toString: String(value),
    }));
    Object.assign(issue.fields, fields);
    issue.histories.push({ id: this.newId(), author: { displayName: 'Ada' }, created: this.#touch(issue), items });
  }

  comment(issue: StandInIssue, text: string): string {
    const id = this.newId();
    const at = this.#touch(issue);
    const author = { emailAddress: 'bob@example.com', displayName: 'Bob' };
    issue.comments.push({ id, author, updateAuthor: author, body: paragraph(text), created: at, updated: at });
    return id;
  }

  deleteComment(issue: StandInIssue, id: string): void {
    issue.comments = issue.comments.filter((comment) => comment['id'] !== id);
    this.#touch(issue);
  }

  attach(issue: StandInIssue, given: { filename: string; bytes: Buffer; content?: string }): string {
    const id = this.newId();
    this.files.set(id, given.bytes);
    (issue.fields['attachment'] as Json[]).push({
      id,
      filename: given.filename,
      size: given.bytes.length,
      mimeType: 'text/plain',
      author: { emailAddress: 'bob@example.com', displayName: 'Bob' },
      created: this.#touch(issue),
      content: given.content ?? `${this.url}/rest/api/3/attachment/content/${id}`,
    });
    return id;
  }

  detach(issue: StandInIssue, id: string): void {
    issue.fields['attachment'] = (issue.fields['attachment'] as Json[]).filter((one) => one['id'] !== id);
    this.#touch(issue);
  }

  /** Links two issues; each has the link at its end. */
  link(from: StandInIssue, to: StandInIssue): string {
    const id = this.newId();
    const type = { name: 'Blocks', inward: 'is blocked by', outward: 'blocks' };
    const end = ({ key, fields }: StandInIssue) => ({
      key,
      fields: { summary: fields['summary'], status: fields['status'] },
    });
    (from.fields['issuelinks'] as Json[]).push({ id, type, outwardIssue: end(to) });
    (to.fields['issuelinks'] as Json[]).push({ id, type, inwardIssue: end(from) });
    this.#touch(from);
    this.#touch(to);
    return id;
  }

  unlink(id: string): void {
    for (const issue of this.issues.values()) {
      issue.fields['issuelinks'] = (issue.fields['issuelinks'] as Json[]).filter((one) => one['id'] !== id);
    }
  }

  /** Answers the next requests whose path fits with a fault. */
  fail(path: RegExp, status: number, { times = 1, headers = {} as Record<string, string> } = {}): void {
    this.faults.push({ path, status, headers, times });
  }

  /** The payload of an event as Jira sends it. */
  payload(webhookEvent: string, issue: StandInIssue | null, more: Json = {}): Json {
    return {
      timestamp: Date.now(),
      webhookEvent,
      ...(issue && { issue: { id: issue.id, key: issue.key, fields: issue.fields } }),
      ...more,
    };
  }

  /** Sends a webhook with its signature, unless told otherwise; resolves to the answer. */
  async send(
    url: string,
    payload: unknown,
    given: { secret?: string | null; identifier?: string; body?: string } = {},
  ): Promise<{ status: number; text: string; headers: Headers }> {
    const body = given.body ?? JSON.stringify(payload);
    const { secret = this.secret, identifier = randomUUID() } = given;
    const signature = secret === null ? null : `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': 'application/json; charset=UTF-8',
        'X-Atlassian-Webhook-Identifier': identifier,
        ...(signature && { 'X-Hub-Signature': signature }),
      },
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  #touch(issue: StandInIssue): string {
    const last = Date.parse(issue.fields.updated.replace('+0000', 'Z'));
    const at = new Date(Math.max(Date.now(), last + 1)).toISOString().replace('Z', '+0000');
    issue.fields.updated = at;
    return at;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const { authorization } = request.headers;
    const method = request.method ?? '';
    this.requests.push({ method, path: `${url.pathname}${url.search}`, authorization });
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#atOnce -= 1;
    this.beforeAnswer(url.pathname);
    if (!this.reachable) return void response.destroy();
    const fault = this.faults.find(({ path, times }) => times > 0 && path.test(`${url.pathname}${url.search}`));
    if (fault) {
      fault.times -= 1;
      response.writeHead(fault.status, fault.headers).end(JSON.stringify({ errorMessages: ['fault'] }));
      return;
    }
    const basic = `Basic ${Buffer.from(`${this.email}:${this.token}`).toString('base64')}`;
    if (authorization !== basic) {
      reply(response, 401, { errorMessages: ['Client must be authenticated'] });
      return;
    }
    this.#route({ url, method, body: Buffer.concat(chunks).toString() }, response);
  }

  #route({ url, method, body }: { url: URL; method: string; body: string }, response: ServerResponse): void {
    const { pathname, searchParams } = url;
    if (pathname === '/rest/api/3/myself') return reply(response, 200, { accountId: '1', emailAddress: this.email });
    if (pathname === '/rest/api/3/search/jql' && method === 'POST')
      return this.#search(JSON.parse(body) as Json, response);
    const [, file] = /^\/rest\/api\/3\/attachment\/content\/(\d+)$/.exec(pathname) ?? [];
    if (file !== undefined) {
      response.writeHead(303, { Location: `${this.mediaUrl}/file/${file}` }).end();
      return;
    }
    const [, name, part] = /^\/rest\/api\/3\/issue\/([^/]+)(?:\/(comment|changelog|remotelink))?$/.exec(pathname) ?? [];
    const issue = this.hidden
      ? undefined
      : [...this.issues.values()].find(({ id, key }) => id === name || key === name);
    const moved = this.hidden
      ? undefined
      : [...this.issues.values()].find(({ fields }) => fields['_movedFrom'] === name);
    const found = issue ?? moved;
    if (!found)
      return reply(response, 404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'] });
    const page = {
      startAt: Number(searchParams.get('startAt') ?? 0),
      most: Number(searchParams.get('maxResults') ?? 50),
    };
    if (part === 'comment') return reply(response, 200, paged(found.comments, page, 'comments'));
    if (part === 'changelog') return reply(response, 200, paged(found.histories, page, 'values'));
    if (part === 'remotelink') return reply(response, 200, found.remoteLinks);
    const changes = found.histories.toReversed().slice(0, embedded);
    reply(response, 200, {
      id: found.id,
      key: found.key,
      fields: { ...found.fields, comment: paged(found.comments, { startAt: 0, most: embedded }, 'comments') },
      ...(searchParams.get('expand')?.includes('changelog') && {
        changelog: { startAt: 0, maxResults: changes.length, total: found.histories.length, histories: changes },
      }),
    });
  }

  /** Understands the few conditions that the connector writes. */
  #search({ jql, fields, maxResults, nextPageToken }: Json, response: ServerResponse): void {
    const text = String(jql);
    if (text.includes('broken')) return reply(response, 400, { errorMessages: ['Error in the JQL Query'] });
    const [, projects] = /project in \(([^)]*)\)/.exec(text) ?? [];
    const ago = (name: string, sign: string) => {
      const [, count, unit] = new RegExp(`${name} ${sign} "-(\\d+)([md])"`).exec(text) ?? [];
      return count === undefined ? null : Date.now() - Number(count) * (unit === 'm' ? 60_000 : 86_400_000);
    };
    const [updatedFrom, createdFrom, createdTo] = [ago('updated', '>='), ago('created', '>='), ago('created', '<=')];
    const at = (value: unknown) => Date.parse(String(value).replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
    const found = [...this.issues.values()].filter(
      (issue) =>
        !this.hidden &&
        (projects === undefined || projects.includes(`"${issue.key.slice(0, issue.key.lastIndexOf('-'))}"`)) &&
        (updatedFrom === null || at(issue.fields.updated) >= updatedFrom) &&
        (createdFrom === null || at(issue.fields.created) >= createdFrom) &&
        (createdTo === null || at(issue.fields.created) <= createdTo) &&
        (!text.includes('statusCategory != Done') ||
          (issue.fields['status'] as { statusCategory: { key: string } }).statusCategory.key !== 'done'),
    );
    const start = Number(nextPageToken ?? 0);
    const most = Math.min(Number(maxResults ?? 50), pageLimit);
    const page = found.slice(start, start + most).map(({ id, key, fields: all }) => ({
      id,
      key,
      fields: Object.fromEntries((fields as string[]).map((name) => [name, all[name] ?? null])),
    }));
    const isLast = start + most >= found.length;
    reply(response, 200, { issues: page, isLast, ...(!isLast && { nextPageToken: String(start + most) }) });
  }

  #answerMedia(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.mediaRequests.push({ method: request.method ?? '', path, authorization: request.headers.authorization });
    const bytes = this.files.get(path.slice('/file/'.length));
    if (!bytes) return reply(response, 404, {});
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(bytes);
  }
}

function paged(items: readonly Json[], { startAt, most }: { startAt: number; most: number }, list: string): Json {
  const maxResults = Math.min(most, pageLimit);
  const isLast = startAt + maxResults >= items.length;
  return { startAt, maxResults, total: items.length, isLast, [list]: items.slice(startAt, startAt + maxResults) };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** A text as an Atlassian document. */
export function paragraph(text: string): Json {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}
