import type { SignedIn } from '../../src/identity/open-session.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';

/** What somebody learns who was signed in by a link. */
interface SignedInRow {
  email: string;
  expiresAt: Date;
}

/** The payload of a mutation that signs in by a link. */
export function signedInPayload(name: string) {
  return builder.objectRef<SignedInRow>(name).implement({
    description: 'The answer’s cookie signs the person in.',
    fields: (t) => ({
      email: t.exposeString('email', { description: 'The person’s e-mail address, as it is stored.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the session ends in any case.' }),
    }),
  });
}

/** Signs in by `run` and sets the cookie; refuses first where an answer has no headers, so that no link is used in vain. */
export async function signInWithCookie(context: Context, run: () => Promise<SignedIn>): Promise<SignedInRow> {
  if (!context.setSession) {
    throw new InvalidInputError([{ path: '', message: 'Sign in over HTTP; this connection cannot set a cookie.' }]);
  }
  const { email, session, secret } = await run();
  context.setSession({ secret, expiresAt: session.expiresAt });
  return { email, expiresAt: session.expiresAt };
}
