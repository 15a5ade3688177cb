import { z } from 'zod';
import { rolesBeyondTables } from '../access/narrowed-roles.ts';
import { addToken } from '../identity/add-token.ts';
import { notNarrowed, type Token } from '../identity/token.ts';
import { defineOperation } from '../operation/define-operation.ts';

const lifetimeMilliseconds = 90 * 86_400_000;

/**
 * Makes the token with which an agent works on the caller's laptop; the secret is in the result and nowhere else. It reads what
 * the caller reads. Where the caller could change what belongs to others too, it changes nothing.
 */
export const setUpAgent = defineOperation({
  rule: { interactive: true },
  event: 'token.created',
  input: z.strictObject({}),
  async run({
    tx,
    principal,
    services,
    record,
  }): Promise<{ token: Token; secret: string; email: string; endsAt: Date }> {
    const { userId, email } = principal!;
    const roles = services.accessIndex.rolesOf(userId);
    const narrowing = { ...notNarrowed, readOnly: [...roles].some((key) => rolesBeyondTables.has(key)) };
    const name = `Agent, set up on ${tx.at.toISOString().slice(0, 10)}`;
    const endsAt = new Date(tx.at.getTime() + lifetimeMilliseconds);
    const made = await addToken(tx, { userId, name, expiresAt: endsAt, narrowing });
    record({
      resource: `token:${made.token.id}`,
      details: { name, expiresAt: endsAt.toISOString(), ...narrowing },
    });
    return { ...made, email, endsAt };
  },
});
