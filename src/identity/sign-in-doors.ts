import type { Services } from '../operation/services.ts';

/** A way to sign in that is open on this instance. */
export interface SignInDoor {
  readonly kind: 'OIDC';
  /** What its button says. */
  readonly label: string;
  /** Where it is, from the root of this instance. */
  readonly url: string;
}

/** The doors that are open, in the order in which they are offered. */
export function signInDoors({ oidc }: Services): SignInDoor[] {
  return [...oidc.byId.values()].map(({ settings: { id, label } }) => ({
    kind: 'OIDC',
    label: `Sign in with ${label}`,
    url: `/auth/oidc/${id}/start`,
  }));
}
