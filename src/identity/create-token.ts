import { z } from 'zod';
import { newId } from '../kernel/ids.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { insertToken } from './token.store.ts';
import { newTokenSecret, type Token } from './token.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'token.created': { name: string; expiresAt: string | null };
  }
}

const dayMilliseconds = 86_400_000;
const longestDays = 3650;

/** Makes a personal access token for the caller; the secret is in the result and nowhere else. */
export const createToken = defineOperation({
  rule: { interactive: true },
  event: 'token.created',
  input: z.strictObject({
    name: z.string().trim().min(1, 'Give the token a name.').max(100, 'A name has at most 100 characters.'),
    expiresInDays: z
      .int()
      .min(1, 'A token lives for at least one day.')
      .max(longestDays, `A token lives for at most ${longestDays} days.`)
      .nullish(),
  }),
  async run({ tx, input, principal, record }): Promise<{ token: Token; secret: string }> {
    const { secret, secretHash, prefix } = newTokenSecret();
    const days = input.expiresInDays ?? 90;
    const token: Token = {
      id: newId(),
      userId: principal!.userId,
      name: input.name,
      prefix,
      createdAt: tx.at,
      expiresAt: new Date(tx.at.getTime() + days * dayMilliseconds),
      revokedAt: null,
      lastUsedAt: null,
      lastUsedAddress: null,
    };
    await insertToken(tx, token, secretHash);
    record({
      resource: `token:${token.id}`,
      details: { name: token.name, expiresAt: token.expiresAt?.toISOString() ?? null },
    });
    return { token, secret };
  },
});
