import { hostname } from 'node:os';
import { payloadOf, type Answer } from '../connection/answer.ts';
import type { Connection } from '../connection/connection.ts';
import { textOf, type Document } from '../connection/graphql.ts';
import { writeStoredConnection } from '../connection/stored-connection.ts';
import { unreachable } from '../connection/unreachable.ts';
import { readEnvironment } from '../environment.ts';
import { failed } from '../failure.ts';
import { printNotice } from '../output/streams.ts';
import { CompleteSetup, CreateToken } from './documents.ts';

const tokenDays = 90;

/** Who becomes the first administrator, and the secret of the setup link. */
export interface FirstAdministrator {
  readonly secret: string;
  readonly email: string;
  readonly name: string | null;
  readonly password: string;
}

/**
 * Makes the first administrator and signs this machine in as them: the session that the server opens is used for a token, which
 * is stored, and ends.
 */
export async function makeFirstAdministrator(server: string, given: FirstAdministrator): Promise<Connection> {
  const { answer, cookie } = await post(server, { document: CompleteSetup, input: given });
  const { email } = payloadOf(answer.completeSetup, 'CompleteSetupPayload');
  if (cookie === null) throw failed(`${server} made the administrator ${email} and opened no session; sign in there.`);
  const input = { name: `da setup on ${hostname()}`.slice(0, 100), expiresInDays: tokenDays };
  const { answer: made } = await post(server, { document: CreateToken, input, cookie });
  const { secret: token } = payloadOf(made.createToken, 'CreateTokenPayload');
  await writeStoredConnection(readEnvironment().configFolder, { server, token });
  await endSession(server, cookie);
  printNotice(`${email} administers ${server} now; this machine is signed in as ${email} for ${tokenDays} days.`);
  return { server, token, tokenFrom: 'the stored token' };
}

/** One mutation with the session of a cookie, which the server takes only from its own origin. */
async function post<Result, Input>(
  server: string,
  given: { document: Document<Result, { input: Input }>; input: Input; cookie?: string },
): Promise<{ answer: Result; cookie: string | null }> {
  let response: Response;
  try {
    response = await fetch(`${server}/graphql`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        origin: new URL(server).origin,
        ...(given.cookie !== undefined && { cookie: given.cookie }),
      },
      body: JSON.stringify({ query: textOf(given.document), variables: { input: given.input } }),
    });
  } catch (error) {
    throw unreachable(server, error);
  }
  const answer = (await response.json().catch(() => ({}))) as Answer;
  const [error] = answer.errors ?? [];
  if (error) throw failed(error.message);
  if (!answer.data) throw failed(`${server} does not answer as Agnes does (HTTP ${response.status}).`);
  return { answer: answer.data as Result, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? null };
}

/** The session is of no more use; when the server cannot be told, it ends by itself. */
async function endSession(server: string, cookie: string): Promise<void> {
  const headers = { cookie, origin: new URL(server).origin };
  await fetch(`${server}/auth/sign-out`, { method: 'POST', redirect: 'manual', headers }).catch(() => {});
}
