import { z } from 'zod';
import type { ConnectorContext } from '../contract.ts';
import { AnswerError, mayPass, networkFault } from './faults.ts';
import { pauseAfter } from './pace.ts';

/** `fetch` as Node.js has it. */
export type Fetch = typeof globalThis.fetch;

/** What it takes to talk to a stack. */
export interface Connection {
  fetch: Fetch;
  stackUrl: string;
  token: string;
  /** The variable that holds the token, for messages. */
  tokenEnv: string;
  signal: AbortSignal;
  pause: ConnectorContext<unknown>['pause'];
  /** How long an answer, or the next part of a download, may take. */
  patienceSeconds: number;
}

/** A checked answer, and the time of the stack when it answered. */
export interface Answer<Value> {
  value: Value;
  at: Date | null;
}

interface StorageRequest<Value> {
  method?: 'GET' | 'POST';
  path: string;
  body?: unknown;
  shape: z.ZodType<Value>;
}

const attempts = 5;

/**
 * Asks the Storage API, and again when it is busy or the network fails. The token goes to the stack only: redirects are not
 * followed. Throws an `AnswerError` for a refusal, and the signal's reason once that is aborted.
 */
export async function askStorage<Value>(
  connection: Connection,
  request: StorageRequest<Value>,
): Promise<Answer<Value>> {
  const { signal, pause } = connection;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    let failure: Error;
    let response: Response | undefined;
    try {
      response = await send(connection, request);
      const text = await response.text();
      if (response.ok) return readAnswer(connection, { response, text, shape: request.shape });
      failure = refusal(connection, { response, text });
      if (!mayPass(response.status)) throw failure;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AnswerError || error instanceof UnreadableAnswer) throw error;
      failure = networkFault(new URL(connection.stackUrl).host, error);
    }
    if (attempt === attempts) throw failure;
    await pause(pauseAfter(attempt, response), signal);
  }
}

function send(connection: Connection, request: StorageRequest<unknown>): Promise<Response> {
  const { fetch, stackUrl, token, signal, patienceSeconds } = connection;
  const hasBody = request.body !== undefined;
  return fetch(`${stackUrl}/v2/storage/${request.path}`, {
    method: request.method ?? 'GET',
    headers: { 'X-StorageApi-Token': token, ...(hasBody && { 'Content-Type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify(request.body) }),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceSeconds * 1000)]),
  });
}

class UnreadableAnswer extends Error {}

function readAnswer<Value>(
  { stackUrl }: Connection,
  given: { response: Response; text: string; shape: z.ZodType<Value> },
): Answer<Value> {
  const { response, text, shape } = given;
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the answer').join(', ');
    throw new UnreadableAnswer(
      `${new URL(stackUrl).host} answered otherwise than the Storage API does (${places}); check stackUrl.`,
    );
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  return { value: parsed.data, at: Number.isNaN(date) ? null : new Date(date) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const problem = z.object({ error: z.string().optional(), message: z.string().optional() });

function refusal(connection: Connection, { response, text }: { response: Response; text: string }): AnswerError {
  const { host } = new URL(connection.stackUrl);
  const { status } = response;
  if (status === 401 || status === 403) {
    const advice = `set ${connection.tokenEnv} to a token of the project that may do what is asked for.`;
    return new AnswerError(status, `${host} refuses the token (${status}); ${advice}`);
  }
  if (status >= 300 && status < 400) {
    return new AnswerError(status, `${host} sends requests elsewhere; set stackUrl to the final address of the stack.`);
  }
  if (status === 429) return new AnswerError(status, `${host} takes no more requests now (429); sync again later.`);
  const told = problem.safeParse(parseJson(text)).data;
  const reason = speak(connection, told?.error ?? told?.message ?? '');
  return new AnswerError(status, `${host} answered with ${status}${reason && `: ${reason}`}; try again later.`);
}

/** What Keboola says, as a part of a sentence that cannot hold the token. */
export function speak({ token }: Pick<Connection, 'token'>, text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().replace(/[.]+$/, '');
  return line.replaceAll(token, '…').slice(0, 300);
}
