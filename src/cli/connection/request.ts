import { failed, type CommandFailure } from '../failure.ts';
import { version } from '../version.ts';
import { failureOf, isAnswer, isMisfit, type Answer } from './answer.ts';
import type { Connection } from './connection.ts';
import { graphql, textOf, type Document } from './graphql.ts';
import { unreachable } from './unreachable.ts';

/** Longer than the server lets any request take. */
const longestMilliseconds = 120_000;

const ServerVersion = graphql(`
  query ServerVersion {
    instance {
      version
    }
  }
`);

/** Asks the server one query or mutation over HTTP. Throws a `CommandFailure` for whatever is not its data. */
export async function request<Result, Variables extends object>(
  connection: Connection,
  document: Document<Result, Variables>,
  variables?: Variables,
): Promise<Result> {
  const answer = await postRenewing(connection, { query: textOf(document), variables });
  const [error] = answer.errors ?? [];
  if (!error) return answer.data as Result;
  throw isMisfit(error) ? await otherVersion(connection, error.message) : failureOf(error, connection);
}

/** Once more with the next token, when a device's token has ended meanwhile: nothing was done by the refused request. */
async function postRenewing(connection: Connection, body: { query: string; variables?: object }): Promise<Answer> {
  const answer = await post(connection, body);
  const refused = answer.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED';
  return refused && (await connection.renew?.()) ? post(connection, body) : answer;
}

async function post(connection: Connection, body: { query: string; variables?: object }): Promise<Answer> {
  const { server, token } = connection;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${server}/graphql`, {
      method: 'POST',
      // Followed by hand, that is not at all: a redirect must not carry the token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(longestMilliseconds),
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        'user-agent': `da/${version}`,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    text = await response.text();
  } catch (error) {
    throw unreachable(server, error);
  }
  return readAnswer(text) ?? refuse(response, server);
}

function readAnswer(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text);
    return isAnswer(value) ? value : null;
  } catch {
    return null;
  }
}

function refuse(response: Response, server: string): never {
  const location = response.headers.get('location');
  if (response.status >= 300 && response.status < 400 && location && URL.canParse(location, server)) {
    const { origin } = new URL(location, server);
    throw failed(`${server} redirects to ${origin}, where the token is not sent; name the right server by --server.`);
  }
  throw failed(`${server} does not answer as Agnes does (HTTP ${response.status}); check the server’s URL.`);
}

async function otherVersion(connection: Connection, message: string): Promise<CommandFailure> {
  const answer = await post(connection, { query: textOf(ServerVersion) });
  const data = answer.data as { instance?: { version?: string } | null } | null | undefined;
  const theirs = data?.instance?.version;
  if (theirs === undefined)
    return failed(`${connection.server} speaks GraphQL and is not Agnes; check the server’s URL.`);
  if (theirs === version) return failed(`The server does not understand the request: ${message}`);
  return failed(`${connection.server} runs Agnes ${theirs}, which does not fit da ${version}; use the same version.`);
}
