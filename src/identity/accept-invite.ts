import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { changeUser } from '../people/change-user.ts';
import { personName } from '../people/user.ts';
import { consumeLinkAtDoor, demandLinkAtDoor, type PresentedLink } from './link-door.ts';
import { linkSecret } from './mailed-link.ts';
import { openSession, type SignedIn } from './open-session.ts';
import { hashPassword, newPassword } from './password.ts';
import { setPassword } from './set-password.ts';

/** Gives whoever holds the link of an invitation a password, and the name that is given, and signs them in. */
export const acceptInvite = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.strictObject({ secret: linkSecret, password: newPassword, name: personName.nullish() }),
  async prepare({ input, services, client, requestId }): Promise<{ link: PresentedLink; passwordHash: string }> {
    const { secret, password } = input;
    const link = { purpose: 'invite', door: 'invite', secret, client, requestId } as const;
    return { link: await demandLinkAtDoor(services, link), passwordHash: await hashPassword(password) };
  },
  async run({ tx, input, prepared, principal, client, services, record }): Promise<SignedIn> {
    const user = await consumeLinkAtDoor(tx, services, prepared.link);
    await setPassword(tx, user.id, prepared.passwordHash);
    if (input.name) await changeUser(tx, user, { name: input.name });
    const opened = await openSession(tx, { userId: user.id, door: 'invite', ...client, presented: principal });
    record({
      resource: `session:${opened.session.id}`,
      details: { door: 'invite', address: client.address },
      actor: user,
    });
    return { email: user.email, ...opened };
  },
});
