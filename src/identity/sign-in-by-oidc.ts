import { z } from 'zod';
import { addRoleGrant } from '../access/add-role-grant.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { addUser } from '../people/add-user.ts';
import { demandUser } from '../people/change-user.ts';
import { findUserByEmail } from '../people/read-users.ts';
import { replaceExternalGroups } from '../people/replace-external-groups.ts';
import type { User } from '../people/user.ts';
import type { WriteTransaction } from '../store/store.ts';
import { insertIdentity, isIdentifiedBy, selectIdentifiedUser, updateIdentityUsed } from './identity.store.ts';
import type { OidcAnswer } from './oidc-provider.ts';
import { openSession } from './open-session.ts';
import type { GroupsAnswer } from './providers/profile.ts';
import type { Session } from './session.ts';
import type { ProviderDetails } from './sign-in.ts';
import { ProviderSignInError } from './provider-sign-in-error.ts';

/** Somebody new gets this role: it opens the program, and no table. */
const roleOfNewUsers = 'core.analyst';

/** What this provider answered. */
export interface OidcSignIn extends OidcAnswer {
  readonly provider: string;
}

/**
 * Opens a session for whom a provider signed in, with the groups that it names, in one transaction. A known subject of the
 * issuer is its user, whatever its e-mail address is now; an unknown one becomes the user of its verified address, or a new
 * one. Throws a `ProviderSignInError`.
 */
export const signInByOidc = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.custom<OidcSignIn>(),
  async run({ tx, input, principal, client, record }): Promise<{ session: Session; secret: string }> {
    const { provider, groups } = input;
    const { user, how } = await findOrAdmit(tx, input);
    if ('groups' in groups) {
      await replaceExternalGroups(tx, { userId: user.id, provider, groups: groups.groups });
    }
    const opened = await openSession(tx, { userId: user.id, door: 'oidc', ...client, presented: principal });
    record({
      resource: `session:${opened.session.id}`,
      details: { door: 'oidc', address: client.address, provider, user: how, groups: describeGroups(groups) },
      actor: user,
    });
    return opened;
  },
});

function describeGroups(answer: GroupsAnswer): ProviderDetails['groups'] {
  return 'groups' in answer ? answer.groups.length : `last known: ${answer.kept}`;
}

interface Admitted {
  readonly user: User;
  readonly how: ProviderDetails['user'];
}

async function findOrAdmit(tx: WriteTransaction, input: OidcSignIn): Promise<Admitted> {
  const identified = await selectIdentifiedUser(tx.db, input.person);
  if (identified === null) return admit(tx, input);
  const user = demandActive(await demandUser(tx, identified));
  await updateIdentityUsed(tx, { ...input.person, provider: input.provider });
  return { user, how: 'known' };
}

async function admit(tx: WriteTransaction, { person, vouchedFor, provider }: OidcSignIn): Promise<Admitted> {
  const { issuer, email, emailVerified, name } = person;
  const found = await findUserByEmail(tx, email);
  const user = found ?? undefined;
  if (!emailVerified) throw new ProviderSignInError('email-not-verified', { user });
  if (!vouchedFor) throw new ProviderSignInError('domain-not-allowed', { user });
  if (found && (await isIdentifiedBy(tx.db, { userId: found.id, issuer }))) {
    throw new ProviderSignInError('other-identity', { user });
  }
  const admitted = found ? demandActive(found) : await addUser(tx, { email, name });
  if (!found) {
    const grant = { userId: admitted.id, roleKey: roleOfNewUsers, source: 'auto-seed', grantedBy: 'system' } as const;
    await addRoleGrant(tx, grant);
  }
  await insertIdentity(tx, { ...person, userId: admitted.id, provider });
  return { user: admitted, how: found ? 'linked' : 'new' };
}

function demandActive(user: User): User {
  if (!user.active) throw new ProviderSignInError('inactive', { user });
  return user;
}
