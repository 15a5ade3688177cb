import { z } from 'zod';
import { ConflictError, NotFoundError } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { hasPassword } from '../people/change-user.ts';
import { replaceExternalGroups } from '../people/replace-external-groups.ts';
import type { WriteTransaction } from '../store/store.ts';
import { deleteIdentity, selectIdentitiesOf, selectIdentity } from './identity.store.ts';
import type { Identity } from './identity.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'identity.unlinked': { issuer: string; email: string; userId: string };
  }
}

/**
 * Takes an account at a provider from the user it signs in, with the groups that this provider named: one's own, or
 * anybody's for an administrator. Somebody else's identity does not exist for others. Nobody takes the last way in from
 * oneself; an administrator may take it from others. Sessions stay.
 */
export const unlinkIdentity = defineOperation({
  rule: { signedIn: true },
  event: 'identity.unlinked',
  input: z.strictObject({ id: z.string() }),
  async run({ tx, input, principal, services, record }): Promise<Identity> {
    const { userId, roles } = principal!;
    const identity = await selectIdentity(tx.db, input.id);
    const own = identity?.userId === userId;
    if (!identity || !(own || roles.has('core.admin'))) throw new NotFoundError('There is no identity with this id.');
    if (own && !(await hasOtherDoor(tx, services, identity))) {
      throw new ConflictError(
        'This is your only way to sign in; ask an administrator for a password first, or to unlink it.',
      );
    }
    await deleteIdentity(tx, identity.id);
    for (const provider of providersOf(services, identity)) {
      await replaceExternalGroups(tx, { userId: identity.userId, provider, groups: [] });
    }
    const { issuer, email } = identity;
    record({ resource: `identity:${identity.id}`, details: { issuer, email, userId: identity.userId } });
    return identity;
  },
});

/** A password, a mailed link, or another account at a provider that is still configured. */
async function hasOtherDoor(tx: WriteTransaction, services: Services, identity: Identity): Promise<boolean> {
  if (services.mailer !== null || (await hasPassword(tx, identity.userId))) return true;
  const others = await selectIdentitiesOf(tx.db, [identity.userId]);
  return others.some((other) => other.id !== identity.id && configuredOf(services, other.issuer).length > 0);
}

function providersOf(services: Services, { issuer, provider }: Identity): Set<string> {
  return new Set([...configuredOf(services, issuer), ...(provider === null ? [] : [provider])]);
}

function configuredOf(services: Services, issuer: string): string[] {
  return [...services.oidc.byId.values()]
    .filter(({ settings }) => settings.issuer === issuer)
    .map(({ settings }) => settings.id);
}
