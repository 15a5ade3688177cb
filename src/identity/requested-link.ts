import { z } from 'zod';
import type { Client } from '../operation/define-operation.ts';
import type { Services } from '../operation/services.ts';
import { findUserByEmail } from '../people/read-users.ts';
import { emailAddress } from '../people/user.ts';
import type { WriteTransaction } from '../store/store.ts';
import { makeRequestedLink, type LinkPurpose, type MailedLink } from './mailed-link.ts';
import { demandMailer } from './mailer.ts';

/** What a stranger says who asks for a link. */
export const linkRequest = z.strictObject({ email: emailAddress });

/** Throws when this instance sends no mail, and when too many links were asked for there. */
export function demandMayAsk(services: Services, { email }: { email: string }, { address }: Client): void {
  demandMailer(services);
  // Every request counts as a try that failed, also those for known accounts, so that the wait tells nothing.
  services.attempts.demand({ door: 'mail', account: email, address });
}

/**
 * Makes a link for an active user with this address; null when none may be had, which the caller must not tell. The entry for the
 * audit holds the address of known users only.
 */
export async function makeLinkFor(
  tx: WriteTransaction,
  services: Services,
  { email, purpose }: { email: string; purpose: LinkPurpose },
): Promise<{
  link: MailedLink | null;
  entry: { resource: string; details: { email: string | null; linkMade: boolean } };
}> {
  const user = await findUserByEmail(tx, email);
  const mayMail = (address: string): boolean => services.mailLimit.take(address, tx.at);
  const link = await makeRequestedLink(tx, { purpose, user, mayMail });
  const details = { email: user?.email ?? null, linkMade: link !== null };
  return { link, entry: { resource: `user:${user?.id ?? 'unknown'}`, details } };
}
