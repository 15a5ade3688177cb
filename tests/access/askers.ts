import { schema } from '../../schema/schema.ts';
import { ask as askSocket } from '../server/socket-client.ts';
import { ask, connectSocket, type Shown, type TestServer } from '../kit/server.ts';
import { documentFor } from './documents.ts';
import { endsItsSession, type Lowest } from './matrix.ts';

export const coreRolesFromBelow = ['core.viewer', 'core.analyst', 'core.km_admin', 'core.admin'] as const;
const people = ['no role', ...coreRolesFromBelow];
const credentials = ['session', 'token'] as const;

/** Everybody who asks: nobody, and each person by session and by token. */
export interface Asker {
  readonly label: string;
  /** Null: nobody. `no role` is signed in and nothing else. */
  readonly role: string | null;
  readonly credential: (typeof credentials)[number] | null;
}

export const askers: readonly Asker[] = [
  { label: 'nobody', role: null, credential: null },
  ...people.flatMap((role) =>
    credentials.map((credential) => ({ label: `${role} by ${credential}`, role, credential })),
  ),
];

/** Whether the row `lowest` of the matrix lets this asker in. */
export function may(lowest: Lowest, asker: Asker): boolean {
  if (lowest === 'everybody') return true;
  if (asker.role === null) return false;
  if (lowest === 'signed in') return true;
  if (lowest === 'interactive') return asker.credential === 'session';
  const ranks: readonly string[] = coreRolesFromBelow;
  // A role beside the core ones, which administrators have and nobody else of those who ask.
  if (!ranks.includes(lowest)) return asker.role === 'core.admin';
  return ranks.indexOf(asker.role) >= ranks.indexOf(lowest);
}

/** What the answer must say to somebody who may not. */
export function refusal(lowest: Lowest, asker: Asker): Record<string, unknown> {
  if (asker.role === null) return { code: 'UNAUTHENTICATED' };
  return lowest === 'interactive'
    ? { code: 'INTERACTIVE_SIGN_IN_REQUIRED' }
    : { code: 'FORBIDDEN', requiredRole: lowest };
}

/** What an asker is told at a root field: the extensions of the first error, null when there is none. */
export type ErrorOf = (field: string, asker: Asker) => Promise<Record<string, unknown> | null>;

/** Makes everybody known to `server`; resolves to how to ask as one of them. */
export async function introduceAskers(server: TestServer): Promise<ErrorOf> {
  let made = 0;
  async function introduce(role: string): Promise<{ token: Shown; session: Shown }> {
    const { token, session } = await server.person(`person${made++}`, role === 'no role' ? [] : [role]);
    return { token: { token }, session: { session } };
  }
  const shown = new Map<string, Awaited<ReturnType<typeof introduce>>>();
  for (const role of people) shown.set(role, await introduce(role));
  return async (field, { role, credential }) => {
    const person = role !== null && (endsItsSession.has(field) ? await introduce(role) : shown.get(role));
    const as = person && credential ? person[credential] : null;
    const query = documentFor(schema, field);
    const errors = field.startsWith('Subscription.')
      ? await socketErrors(server, { as, query })
      : (await ask(server, { as, query })).errors;
    return errors?.[0]?.extensions ?? null;
  };
}

/** A subscription that is let in says nothing, so a query behind it on the same socket tells when it was decided. */
async function socketErrors(
  server: TestServer,
  { as, query }: { as: Shown; query: string },
): Promise<{ extensions: Record<string, unknown> }[]> {
  const client = connectSocket(server, as);
  const errors: { extensions: Record<string, unknown> }[] = [];
  client.subscribe(
    { query },
    {
      next: () => {},
      complete: () => {},
      error: (told) => {
        if (Array.isArray(told)) errors.push(...(told as typeof errors));
      },
    },
  );
  try {
    await askSocket(client, '{ __typename }');
  } catch (closed) {
    errors.push({ extensions: { code: (closed as { code?: number }).code === 4401 ? 'UNAUTHENTICATED' : closed } });
  } finally {
    await client.dispose();
  }
  return errors;
}
