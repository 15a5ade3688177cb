import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectorContext } from '../contract.ts';
import type { BigQuerySource } from './config.ts';
import { openAccess } from './credentials.ts';
import { BigQueryFailure, failureOf, isPassing } from './failures.ts';

/** One call of the REST interface: https://cloud.google.com/bigquery/docs/reference/rest */
export interface Call {
  method?: 'GET' | 'POST';
  /** The parts of the path behind `/bigquery/v2/projects/`. */
  path: readonly string[];
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** What it is for, as a message goes on behind “BigQuery could not”. */
  doing: string;
}

/** BigQuery's REST interface with the credentials of one source. What may pass is tried again, five attempts in all. */
export interface Client {
  readonly config: BigQuerySource;
  readonly pause: ConnectorContext<BigQuerySource>['pause'];
  /** Resolves to the answer's JSON. Throws a `BigQueryFailure`, or the reason of `signal`. */
  call<Answer>(call: Call, signal: AbortSignal): Promise<Answer>;
  /** Writes the answer's body to a file, without holding it; resolves to its bytes. */
  download(call: Call, given: { path: string; signal: AbortSignal }): Promise<number>;
}

const attempts = 5;
const firstPauseSeconds = 0.25;
const longestPauseSeconds = 30;

/** Opens a client with the source's credentials; nothing is asked before the first call. */
export async function openClient(context: ConnectorContext<BigQuerySource>): Promise<Client> {
  context.signal.throwIfAborted();
  let access = await openAccess(context);
  const { config, pause } = context;
  const send = async (call: Call, signal: AbortSignal): Promise<Response> => {
    const url = new URL(config.apiEndpoint ?? 'https://bigquery.googleapis.com');
    url.pathname = `/bigquery/v2/projects/${call.path.map(encodeURIComponent).join('/')}`;
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const ask = async () => request(url, { call, signal, headers: await access() });
    return ask().catch(async (error: unknown) => {
      if (!(error instanceof BigQueryFailure) || error.status !== 401) throw error;
      // A token may end before its time.
      access = await openAccess(context);
      return ask();
    });
  };
  return {
    config,
    pause,
    async call<Answer>(call: Call, signal: AbortSignal) {
      return retrying(call, {
        signal,
        pause,
        attempt: async () => (await (await send(call, signal)).json()) as Answer,
      });
    },
    async download(call, { path, signal }) {
      return retrying(call, {
        signal,
        pause,
        async attempt() {
          const response = await send(call, signal);
          const file = createWriteStream(path);
          await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), file, { signal });
          return file.bytesWritten;
        },
      });
    },
  };
}

/** Follows no redirect, so that the token goes to no other host. */
async function request(
  url: URL,
  given: { call: Call; signal: AbortSignal; headers: Record<string, string> },
): Promise<Response> {
  const { call, signal } = given;
  const response = await fetch(url, {
    method: call.method ?? 'GET',
    redirect: 'error',
    signal,
    headers: { ...given.headers, 'content-type': 'application/json', 'user-agent': 'agnes' },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  if (response.ok) return response;
  const failure = failureOf(call.doing, { status: response.status, body: await response.text() });
  const seconds = Number(response.headers.get('retry-after') ?? '');
  throw seconds > 0 ? Object.assign(failure, { afterSeconds: seconds }) : failure;
}

async function retrying<Result>(
  call: Call,
  given: { signal: AbortSignal; pause: Client['pause']; attempt: () => Promise<Result> },
): Promise<Result> {
  const { signal } = given;
  for (let count = 1; ; count += 1) {
    try {
      return await given.attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BigQueryFailure ? !isPassing(error) : !isNetworkFault(error)) throw error;
      if (count === attempts) throw asFailure(call, error);
      const { afterSeconds } = error as { afterSeconds?: number };
      const seconds = Math.min(afterSeconds ?? firstPauseSeconds * 2 ** (count - 1), longestPauseSeconds);
      await given.pause(seconds, signal);
    }
  }
}

/** `fetch` throws a `TypeError` for every fault of the network, and its bodies do. */
function isNetworkFault(error: unknown): boolean {
  return error instanceof TypeError || (error as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function asFailure(call: Call, error: unknown): unknown {
  if (error instanceof BigQueryFailure) return error;
  const message = `BigQuery could not ${call.doing}: it cannot be reached; check the network of the server.`;
  return Object.assign(new Error(message, { cause: error }), { retryable: true });
}
