import { failed, type CommandFailure } from '../failure.ts';

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it cut the connection',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it takes too long to answer',
  UND_ERR_BODY_TIMEOUT: 'it takes too long to answer',
  TimeoutError: 'it takes too long to answer',
  UND_ERR_SOCKET: 'it cut the connection',
};

/** The failure of a request that got no answer, with the reason in plain words. */
export function unreachable(server: string, error: unknown): CommandFailure {
  const { code, name, message } = rootCause(error as Cause);
  const reason = reasons[code ?? ''] ?? reasons[name ?? ''] ?? message;
  return failed(`${server} cannot be reached: ${reason}. Check that the server runs and that its URL is right.`);
}

interface Cause {
  readonly cause?: Cause;
  readonly errors?: readonly Cause[];
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
}

/** What `fetch failed` hides. An attempt on several addresses has one error for each. */
function rootCause(error: Cause): Cause {
  const inner = error.cause ?? error.errors?.[0];
  return inner === undefined ? error : rootCause(inner);
}
