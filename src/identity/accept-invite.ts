import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import { changeUser } from '../people/change-user.ts';
import { personName } from '../people/user.ts';
import { consumeLinkAtDoor, demandLinkAtDoor } from './link-door.ts';
import { linkSecret } from './mailed-link.ts';
import { openSession, type SignedIn } from './open-session.ts';
import { hashPassword, newPassword } from './password.ts';
import { setPassword } from './set-password.ts';

const door = { purpose: 'invite', door: 'invite' } as const;

/** Gives whoever holds the link of an invitation a password, and the name that is given, and signs them in. */
export const acceptInvite = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.strictObject({ secret: linkSecret, password: newPassword, name: personName.nullish() }),
  async prepare({ input, services }): Promise<{ passwordHash: string }> {
    await demandLinkAtDoor(services, { ...door, secret: input.secret });
    return { passwordHash: await hashPassword(input.password) };
  },
  async run({ tx, input, prepared, principal, services, record }): Promise<SignedIn> {
    const user = await consumeLinkAtDoor(tx, services, { ...door, secret: input.secret });
    await setPassword(tx, user.id, prepared.passwordHash);
    if (input.name) await changeUser(tx, user, { name: input.name });
    const opening = { userId: user.id, door: 'invite', device: null, address: null, presented: principal } as const;
    const { session, secret } = await openSession(tx, opening);
    record({ resource: `user:${user.id}`, details: { door: 'invite' }, actor: user });
    return { email: user.email, sessionSecret: secret, expiresAt: session.expiresAt };
  },
});
