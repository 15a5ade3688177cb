import { emailAddress } from '../people/user.ts';
import type { Claims } from './providers/profile.ts';
import { ProviderSignInError } from './provider-sign-in-error.ts';

/** What an issuer says of whom it signed in. */
export interface OidcPerson {
  readonly issuer: string;
  readonly subject: string;
  /** Lower case. */
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string | null;
}

/** Reads who somebody is; `idToken` was verified, and `userInfo` is of the same subject. Throws when there is no e-mail address. */
export function readPerson(idToken: Claims & { iss: string; sub: string }, userInfo: Claims): OidcPerson {
  const addresses = [idToken, userInfo].flatMap(readAddress);
  const address = addresses.find(({ emailVerified }) => emailVerified) ?? addresses[0];
  if (!address) throw new ProviderSignInError('email-missing');
  const name = userInfo['name'] ?? idToken['name'];
  return {
    issuer: idToken.iss,
    subject: idToken.sub,
    ...address,
    name: typeof name === 'string' ? name.trim().slice(0, 200) || null : null,
  };
}

/** An address counts with the word of the same answer on whether it is verified; some issuers write that as text. */
function readAddress(claims: Claims): Pick<OidcPerson, 'email' | 'emailVerified'>[] {
  const parsed = emailAddress.safeParse(claims['email']);
  const verified = claims['email_verified'];
  return parsed.success ? [{ email: parsed.data, emailVerified: verified === true || verified === 'true' }] : [];
}
