import type { ConnectorContext } from '../contract.ts';

/** Which account asks which site. */
export interface JiraAccount {
  /** Without a slash at its end; nothing else is ever sent the token. */
  baseUrl: string;
  email: string;
  token: string;
}

/** What became of a request that Jira refused for good. */
export class JiraRefusal extends Error {
  readonly status: number;
  readonly retryable = false;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const attempts = 6;
const requestSeconds = 60;
const longestPauseSeconds = 120;
const largestAnswerBytes = 100_000_000;

/**
 * Asks the REST API of one site: `Retry-After` of a 429 or 503 holds all requests back, faults that may pass are tried again with
 * growing pauses, redirects are not followed, and the token goes to the site alone.
 */
export class JiraClient {
  readonly #account: JiraAccount;
  readonly #signal: AbortSignal;
  readonly #pause: ConnectorContext<unknown>['pause'];
  readonly #authorization: string;
  #pausedUntil = 0;

  constructor(account: JiraAccount, { signal, pause }: Pick<ConnectorContext<unknown>, 'signal' | 'pause'>) {
    this.#account = account;
    this.#pause = pause;
    this.#signal = signal;
    this.#authorization = `Basic ${Buffer.from(`${account.email}:${account.token}`).toString('base64')}`;
  }

  /** The JSON at `path`; null when there is nothing. */
  async get(path: string): Promise<unknown> {
    const answer = await this.#ask(path, { method: 'GET' });
    return answer.status === 404 ? null : readJson(answer);
  }

  /** The JSON that `path` answers to `body`. */
  async post(path: string, body: unknown): Promise<unknown> {
    const answer = await this.#ask(path, { method: 'POST', body: JSON.stringify(body) });
    if (answer.status === 404) throw refused(404);
    return readJson(answer);
  }

  /** The answer to a signed request for `url`, which must be at the site; redirects are for the caller to follow. */
  async open(url: string): Promise<Response> {
    const { origin } = new URL(this.#account.baseUrl);
    if (!URL.canParse(url) || new URL(url).origin !== origin)
      throw new Error('The address is not at the site of this source.');
    return this.#patiently(() => this.#fetch(url, { method: 'GET' }));
  }

  async #ask(path: string, init: { method: string; body?: string }): Promise<Response> {
    const answer = await this.#patiently(() => this.#fetch(`${this.#account.baseUrl}${path}`, init));
    if (answer.ok || answer.status === 404) return answer;
    await answer.body?.cancel();
    throw refused(answer.status);
  }

  #fetch(url: string, init: { method: string; body?: string }): Promise<Response> {
    return fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(requestSeconds * 1000)]),
      headers: {
        Accept: 'application/json',
        Authorization: this.#authorization,
        ...(init.body !== undefined && { 'Content-Type': 'application/json' }),
      },
    });
  }

  async #patiently(send: () => Promise<Response>): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#waitSeconds((this.#pausedUntil - Date.now()) / 1000);
      this.#signal.throwIfAborted();
      const result = await send().catch((error: unknown) => unreachable(error, this.#signal));
      const mayPass = result instanceof Error || result.status === 429 || result.status >= 500;
      if (!mayPass) return result as Response;
      if (attempt === attempts) throw result instanceof Error ? result : tooBusy(result.status);
      if (!(result instanceof Error)) await result.body?.cancel();
      const asked = result instanceof Error ? null : retryAfterSeconds(result.headers.get('retry-after'));
      if (asked !== null) this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + asked * 1000);
      else await this.#waitSeconds(2 ** (attempt - 1) * (0.5 + Math.random() / 2) * 0.5);
    }
  }

  async #waitSeconds(seconds: number): Promise<void> {
    if (seconds > 0) await this.#pause(seconds, this.#signal);
  }
}

/** What `Retry-After` asks for, in seconds and at most two minutes; null when it says nothing. */
export function retryAfterSeconds(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), longestPauseSeconds) : null;
}

function unreachable(error: unknown, signal: AbortSignal): Error {
  signal.throwIfAborted();
  return Object.assign(
    new Error('Jira cannot be reached; check the address of the source and the network.', { cause: error }),
    {
      retryable: true,
    },
  );
}

function tooBusy(status: number): Error {
  const said = status === 429 ? 'asks to wait (429) again and again' : `answered ${status} again and again`;
  return Object.assign(new Error(`Jira ${said}; try again later.`), { retryable: true });
}

function refused(status: number): JiraRefusal {
  if (status === 401)
    return new JiraRefusal(401, 'Jira does not accept the account (401); check the e-mail address and the API token.');
  if (status === 403)
    return new JiraRefusal(
      403,
      'The account may not read this in Jira (403); give it the right to browse the projects.',
    );
  if (status >= 300 && status < 400)
    return new JiraRefusal(status, `Jira points elsewhere (${status}); give the address that it points to as baseUrl.`);
  return new JiraRefusal(status, `Jira refused the request (${status}); check the configuration of the source.`);
}

async function readJson(answer: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > largestAnswerBytes)
      throw new Error('An answer of Jira is larger than 100 MB; check the address of the source.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw Object.assign(new Error('An answer of Jira is no JSON; check the address of the source.'), {
      retryable: true,
    });
  }
}
