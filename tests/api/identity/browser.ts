import { hashPassword } from '../../../src/identity/password.ts';
import { writePasswordHash } from '../../../src/people/password-hash.ts';
import { credentialHeaders, type Shown, type TestPerson, type TestServer } from '../../kit/server.ts';

/** The password of everybody in these tests. */
export const password = 'correct horse battery';

let hash: Promise<string> | undefined;

/** A new active user with these roles who can sign in with `password`, or with what this hash is of. */
export async function personWithPassword(
  server: TestServer,
  given: { name: string; roles?: readonly string[]; passwordHash?: string },
): Promise<TestPerson> {
  const person = await server.person(given.name, given.roles ?? ['core.viewer']);
  const passwordHash = given.passwordHash ?? (await (hash ??= hashPassword(password)));
  await server.open.services.store.write((tx) => writePasswordHash(tx, person.id, passwordHash));
  return person;
}

/** What a sign-in answered: the result union, and the session's secret in the cookie. */
export interface SignInAnswer {
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly result: any;
  readonly session: string | null;
  readonly cookie: string | null;
}

/** Signs in as a browser does: from an address behind the proxy, with what the browser says of itself and its old cookie. */
export async function signIn(
  server: TestServer,
  given: { email: string; password?: string; from?: string; device?: string; presented?: Shown },
): Promise<SignInAnswer> {
  const { email, from = '192.0.2.1', device = 'Browser', presented = null } = given;
  const credential = credentialHeaders(server.url, presented);
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': from, 'User-Agent': device, ...credential },
    body: JSON.stringify({
      query: `mutation ($input: SignInInput!) { signIn(input: $input) {
        __typename
        ... on SignInPayload { email expiresAt }
        ... on Error { code message }
        ... on TooManyAttemptsError { retryAfterSeconds }
      } }`,
      variables: { input: { email, password: given.password ?? password } },
    }),
  });
  const { data } = (await response.json()) as { data: { signIn: unknown } };
  const set = response.headers.get('set-cookie');
  return { result: data.signIn, cookie: set, session: /^agnes=([^;]+)/.exec(set ?? '')?.[1] ?? null };
}
