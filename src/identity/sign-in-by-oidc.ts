import { z } from 'zod';
import { addRoleGrant } from '../access/add-role-grant.ts';
import { defineOperation } from '../operation/define-operation.ts';
import { addUser } from '../people/add-user.ts';
import { demandUser } from '../people/change-user.ts';
import { findUserByEmail } from '../people/read-users.ts';
import { replaceExternalGroups } from '../people/replace-external-groups.ts';
import type { User } from '../people/user.ts';
import type { WriteTransaction } from '../store/store.ts';
import { insertIdentity, isIdentifiedBy, selectIdentifiedUser } from './identity.store.ts';
import type { OidcAnswer } from './oidc-provider.ts';
import { openSession, type SignedIn } from './open-session.ts';
import type { GroupsAnswer } from './providers/profile.ts';
import './session-audit.ts';
import type { OidcSessionDetails } from './session-audit.ts';
import { SignInRefusedError } from './sign-in-refusal.ts';

/** Somebody new gets this role: it opens the program, and no table. */
const roleOfNewUsers = 'core.analyst';

/** What a provider answered, and from where the browser came back. */
export interface OidcSignIn extends OidcAnswer {
  readonly provider: string;
  readonly device: string | null;
  readonly address: string | null;
}

/**
 * Opens a session for whom a provider signed in, with the groups that it names, in one transaction. A known subject of the
 * issuer is its user, whatever its e-mail address is now; an unknown one becomes the user of its verified address, or a new
 * one. Throws a `SignInRefusedError`.
 */
export const signInByOidc = defineOperation({
  rule: { public: true },
  event: 'session.opened',
  input: z.custom<OidcSignIn>(),
  async run({ tx, input, principal, record }): Promise<SignedIn> {
    const { provider, groups, device, address } = input;
    const { user, how } = await findOrAdmit(tx, input);
    if ('groups' in groups) {
      await replaceExternalGroups(tx, { userId: user.id, provider, groups: groups.groups });
    }
    const opening = { userId: user.id, door: 'oidc', device, address, presented: principal } as const;
    const { session, secret } = await openSession(tx, opening);
    const details = { door: 'oidc', provider, user: how, groups: describeGroups(groups) } as const;
    record({ resource: `user:${user.id}`, details, actor: user });
    return { email: user.email, sessionSecret: secret, expiresAt: session.expiresAt };
  },
});

function describeGroups(answer: GroupsAnswer): NonNullable<OidcSessionDetails['groups']> {
  return 'groups' in answer ? answer.groups.length : `last known: ${answer.kept}`;
}

interface Admitted {
  readonly user: User;
  readonly how: NonNullable<OidcSessionDetails['user']>;
}

async function findOrAdmit(tx: WriteTransaction, input: OidcSignIn): Promise<Admitted> {
  const identified = await selectIdentifiedUser(tx.db, input.person);
  if (identified === null) return admit(tx, input);
  return { user: demandActive(await demandUser(tx, identified)), how: 'known' };
}

async function admit(tx: WriteTransaction, { person, vouchedFor }: OidcSignIn): Promise<Admitted> {
  const { issuer, email, emailVerified, name } = person;
  const found = await findUserByEmail(tx, email);
  const user = found ?? undefined;
  if (!emailVerified) throw new SignInRefusedError('email-not-verified', { user });
  if (!vouchedFor) throw new SignInRefusedError('domain-not-allowed', { user });
  if (found && (await isIdentifiedBy(tx.db, { userId: found.id, issuer }))) {
    throw new SignInRefusedError('other-identity', { user });
  }
  const admitted = found ? demandActive(found) : await addUser(tx, { email, name });
  if (!found) {
    const grant = { userId: admitted.id, roleKey: roleOfNewUsers, source: 'auto-seed', grantedBy: 'system' } as const;
    await addRoleGrant(tx, grant);
  }
  await insertIdentity(tx, { ...person, userId: admitted.id });
  return { user: admitted, how: found ? 'linked' : 'new' };
}

function demandActive(user: User): User {
  if (!user.active) throw new SignInRefusedError('inactive', { user });
  return user;
}
