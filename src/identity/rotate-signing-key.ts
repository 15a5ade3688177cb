import { z } from 'zod';
import { defineOperation } from '../operation/define-operation.ts';
import type { SigningKey } from './signing-keys.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'signingKey.rotated': { removedKeys: string[]; now: boolean };
  }
}

/** A rotation that was done. */
export interface RotatedSigningKey {
  /** What signs from now on. */
  readonly key: SigningKey;
  /** What counts no more. */
  readonly removed: readonly SigningKey[];
}

/**
 * Makes a new key that signs from now on. Older keys go once nothing that they signed can be good; with `now` they go at once, and
 * everything that they signed with them. A kill leaves keys that work: the new file comes first.
 */
export const rotateSigningKey = defineOperation({
  rule: { role: 'core.admin' },
  event: 'signingKey.rotated',
  input: z.strictObject({ now: z.boolean().nullish() }),
  async run({ tx, input, services, record }): Promise<RotatedSigningKey> {
    const now = input.now ?? false;
    const key = services.signingKeys.add(tx.at);
    const removed = now ? services.signingKeys.removeOlder() : services.signingKeys.removeOld(tx.at);
    record({ resource: `signingKey:${key.id}`, details: { removedKeys: removed.map(({ id }) => id), now } });
    return { key, removed };
  },
});
