import type { Services } from '../operation/services.ts';

/** A way to sign in that is open on this instance. */
export interface SignInDoor {
  readonly kind: 'EMAIL_LINK';
  /** What its button says. */
  readonly label: string;
  /** Where it is, from the root of this instance. */
  readonly url: string;
}

/** The doors that are open, in the order in which they are offered. */
export function signInDoors({ mailer }: Services): SignInDoor[] {
  return mailer ? [{ kind: 'EMAIL_LINK', label: 'Mail me a link', url: '/sign-in-link' }] : [];
}
