/** Why a sign-in by a provider came to nothing. These codes stand in addresses and in the audit, and do not change. */
export type SignInRefusal =
  | 'unknown-provider'
  | 'provider-unavailable'
  | 'provider-refused'
  | 'provider-answer-invalid'
  | 'cancelled'
  | 'expired'
  | 'too-many-attempts'
  | 'email-missing'
  | 'email-not-verified'
  | 'domain-not-allowed'
  | 'other-identity'
  | 'inactive';

/** A sign-in came to nothing. `cause` is for the operator's log alone. */
export class ProviderSignInError extends Error {
  readonly reason: SignInRefusal;
  /** The user that this would have been, when it is one that we know. */
  readonly user: { readonly id: string; readonly email: string } | null;

  constructor(reason: SignInRefusal, given: { user?: { id: string; email: string }; cause?: unknown } = {}) {
    super(`The sign-in was refused: ${reason}.`, { cause: given.cause });
    this.reason = reason;
    this.user = given.user ?? null;
  }
}
