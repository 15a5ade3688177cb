import type { SessionDoor } from './session.ts';
import type { SignInRefusal } from './sign-in-refusal.ts';

/** What the audit keeps of a sign-in by a provider. */
export interface OidcSessionDetails {
  readonly door: SessionDoor;
  readonly provider?: string;
  /** `new`: the user was made by this sign-in; `linked`: the user was there, and this is the first sign-in by the issuer. */
  readonly user?: 'known' | 'linked' | 'new';
  /** In how many groups the provider names the user, or why the last known ones stay. */
  readonly groups?: number | `last known: ${string}`;
}

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'session.opened': OidcSessionDetails;
    'session.refused': { door: SessionDoor; provider: string; reason: SignInRefusal };
  }
}
