import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { consumeLinkAtDoor, demandLinkAtDoor, type PresentedLink } from './link-door.ts';
import { linkSecret } from './mailed-link.ts';
import { demandMailer } from './mailer.ts';
import { openSession, type SignedIn } from './open-session.ts';

/** Signs in whoever holds a sign-in link; only where there is a mail server. */
export const signInByLink = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.strictObject({ secret: linkSecret }),
  async prepare({ input, services, client, requestId }): Promise<PresentedLink> {
    demandMailer(services);
    const { secret } = input;
    return demandLinkAtDoor(services, { purpose: 'emailLink', door: 'emailLink', secret, client, requestId });
  },
  async run({ tx, prepared, principal, client, services, record }): Promise<SignedIn> {
    const user = await consumeLinkAtDoor(tx, services, prepared);
    const opened = await openSession(tx, { userId: user.id, door: 'emailLink', ...client, presented: principal });
    record({
      resource: `session:${opened.session.id}`,
      details: { door: 'emailLink', address: client.address },
      actor: user,
    });
    return { email: user.email, ...opened };
  },
});
