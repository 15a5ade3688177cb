import { z } from 'zod';
import { Failure } from '../kernel/errors.ts';
import { newId, newSecret, sha256 } from '../kernel/ids.ts';
import type { Services } from '../operation/services.ts';
import { demandUser } from '../people/change-user.ts';
import type { User } from '../people/user.ts';
import type { WriteTransaction } from '../store/store.ts';
import {
  deleteEndedSecrets,
  deleteOneTimeSecret,
  insertOneTimeSecret,
  selectOutstandingSecrets,
  selectSecretBinding,
  takeSecret,
} from './one-time-secret.store.ts';

/** What a link is for; its secret is good for nothing else. */
export type LinkPurpose = 'invite' | 'passwordReset' | 'emailLink';

/** How long a link of each purpose is good, in minutes. */
export const linkMinutes: Readonly<Record<LinkPurpose, number>> = {
  invite: 7 * 24 * 60,
  passwordReset: 24 * 60,
  emailLink: 15,
};

/** How many links of one purpose a user may have open at once. */
export const mostOpenLinks = 5;

/** A link that was made: whom it is for, and what stands behind its `#`. */
export interface MailedLink {
  readonly purpose: LinkPurpose;
  readonly user: Pick<User, 'email' | 'name'>;
  readonly secret: string;
  readonly expiresAt: Date;
}

/** What stands behind the `#` of a link. */
export const linkSecret = z.string().max(200, 'This is no link of ours: it is too long.');

/** The link was used, has ended, or is not one of ours. */
export class LinkNotValidError extends Failure {
  readonly code = 'LINK_NOT_VALID';

  constructor() {
    super('This link is not valid, or not any more; ask for a new one.');
  }
}

/** Makes a link for an administrator who asks for it; of too many open ones the eldest ends. */
export async function makeLink(
  tx: WriteTransaction,
  { purpose, user }: { purpose: LinkPurpose; user: User },
): Promise<MailedLink> {
  await deleteEndedSecrets(tx);
  const open = await selectOutstandingSecrets(tx, { userId: user.id, purpose });
  for (const id of open.slice(0, Math.max(0, open.length - mostOpenLinks + 1))) await deleteOneTimeSecret(tx, id);
  const link = draftLink(tx, { purpose, user });
  await storeLink(tx, link, user.id);
  return link;
}

/**
 * Makes a link that a stranger asked for, or null when nobody may get one: there is no active user, or the user has enough
 * links open, which stay good. The statements are the same in each case: a row that has ended already stands for no link.
 */
export async function makeRequestedLink(
  tx: WriteTransaction,
  { purpose, user, mayMail }: { purpose: LinkPurpose; user: User | null; mayMail: (email: string) => boolean },
): Promise<MailedLink | null> {
  await deleteEndedSecrets(tx);
  const open = await selectOutstandingSecrets(tx, { userId: user?.id ?? 'nobody', purpose });
  const wanted = user?.active === true && open.length < mostOpenLinks && mayMail(user.email);
  const link = draftLink(tx, { purpose, user: user ?? { email: '', name: null } });
  await storeLink(tx, wanted ? link : { ...link, expiresAt: tx.at }, wanted ? user.id : null);
  return wanted ? link : null;
}

/** Throws a `LinkNotValidError` when this secret is not good for this purpose now; uses nothing up. */
export async function demandLink(
  { store, clock }: Services,
  given: { purpose: LinkPurpose; secret: string },
): Promise<void> {
  const found = await selectSecretBinding(store.db, given.purpose, sha256(given.secret));
  if (!found?.expiresAt || found.expiresAt <= clock.now()) throw new LinkNotValidError();
}

/**
 * Uses a secret up, inside the transaction: of two at the same instant one gets its user. Throws a `LinkNotValidError` when it
 * is not good for this purpose, or its user is not active or has another address by now.
 */
export async function consumeLink(
  tx: WriteTransaction,
  { purpose, secret }: { purpose: LinkPurpose; secret: string },
): Promise<User> {
  const used = await takeSecret(tx, purpose, sha256(secret));
  if (!used?.userId) throw new LinkNotValidError();
  const user = await demandUser(tx, used.userId);
  if (!user.active || user.email !== used.email) throw new LinkNotValidError();
  return user;
}

function draftLink(
  tx: WriteTransaction,
  { purpose, user }: { purpose: LinkPurpose; user: Pick<User, 'email' | 'name'> },
): MailedLink {
  const expiresAt = new Date(tx.at.getTime() + linkMinutes[purpose] * 60_000);
  return { purpose, user: { email: user.email, name: user.name }, secret: newSecret(), expiresAt };
}

async function storeLink(tx: WriteTransaction, link: MailedLink, userId: string | null): Promise<void> {
  const { purpose, secret, expiresAt, user } = link;
  const binding = { userId, email: userId && user.email, expiresAt };
  await insertOneTimeSecret(tx, { id: newId(), secretHash: sha256(secret), purpose, binding });
}
