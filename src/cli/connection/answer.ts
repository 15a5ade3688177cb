import { CommandFailure, exitCodes, failed, wrongUsage } from '../failure.ts';
import type { Connection } from './connection.ts';

/** An error as GraphQL answers carry it. */
export interface AnsweredError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly requiredRole?: string; readonly requestId?: string };
}

/** An answer to one GraphQL operation. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[];
}

/** Whether this is what a GraphQL server answers. */
export function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  return 'data' in value || ('errors' in value && Array.isArray(value.errors));
}

/** The codes of a document that the server's schema does not fit. */
const misfits = new Set(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']);

/** Whether the server does not understand the document, because its schema is another one. */
export function isMisfit(error: AnsweredError): boolean {
  return misfits.has(error.extensions?.code ?? '');
}

/** The codes of what this credential may not do, whoever shows it. */
const refusals = new Set(['FORBIDDEN', 'INTERACTIVE_SIGN_IN_REQUIRED', 'READ_ONLY_TOKEN']);

/** The failure that an error of an answer means, with the exit code of its kind. */
export function failureOf(error: AnsweredError, connection: Connection): CommandFailure {
  const { code, requestId } = error.extensions ?? {};
  if (code === 'UNAUTHENTICATED') return notSignedIn(connection);
  if (code && refusals.has(code)) return notAllowed(error);
  if (code === 'INVALID_INPUT') return wrongUsage(error.message);
  return failed(requestId ? `${error.message} The request id is ${requestId}.` : error.message);
}

/** What to do when the server does not know who asks. */
export function notSignedIn({ server, tokenFrom, renew }: Connection): CommandFailure {
  const again = renew && `The sign-in at ${server} has ended; sign in again with \`da auth login\`.`;
  const message =
    again ??
    (tokenFrom
      ? `${server} refuses ${tokenFrom}; sign in with \`da auth login\`, or make a new token in the web app and store it with \`da auth import-token\`.`
      : `Nobody is signed in at ${server}; sign in with \`da auth login\`, or set DA_TOKEN to a token made in the web app.`);
  return new CommandFailure(exitCodes.notSignedIn, message);
}

function notAllowed({ message, extensions }: AnsweredError): CommandFailure {
  const role = extensions?.requiredRole;
  const told = role ? `This needs the role ${role}; ask an administrator of the server to grant it.` : message;
  return new CommandFailure(exitCodes.notAllowed, told);
}

interface ResultMember {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
}

/** The success of a mutation's result union; throws the expected failure that it is otherwise. */
export function payloadOf<Result extends ResultMember, Name extends Result['__typename']>(
  result: Result | null,
  name: Name,
): Extract<Result, { __typename: Name }> {
  if (result?.__typename === name) return result as Extract<Result, { __typename: Name }>;
  const message = result?.message ?? 'The server answered nothing.';
  throw result?.code === 'INVALID_INPUT' ? wrongUsage(message) : failed(message);
}
