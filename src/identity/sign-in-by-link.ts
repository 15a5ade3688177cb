import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { consumeLinkAtDoor, demandLinkAtDoor } from './link-door.ts';
import { linkSecret } from './mailed-link.ts';
import { demandMailer } from './mailer.ts';
import { openSession, type SignedIn } from './open-session.ts';

const door = { purpose: 'emailLink', door: 'emailLink' } as const;

/** Signs in whoever holds a sign-in link; only where there is a mail server. */
export const signInByLink = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.strictObject({ secret: linkSecret }),
  async prepare({ input, services }): Promise<void> {
    demandMailer(services);
    await demandLinkAtDoor(services, { ...door, secret: input.secret });
  },
  async run({ tx, input, principal, services, record }): Promise<SignedIn> {
    const user = await consumeLinkAtDoor(tx, services, { ...door, secret: input.secret });
    const opening = { userId: user.id, door: 'emailLink', device: null, address: null, presented: principal } as const;
    const { session, secret } = await openSession(tx, opening);
    record({ resource: `user:${user.id}`, details: { door: 'emailLink' }, actor: user });
    return { email: user.email, sessionSecret: secret, expiresAt: session.expiresAt };
  },
});
