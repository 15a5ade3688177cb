import type { Services } from '../operation/services.ts';

/** A way to come in that is open on this instance. */
export interface SignInDoor {
  kind: 'PASSWORD' | 'EMAIL_LINK' | 'OIDC';
  /** What to call it on a page. */
  label: string;
  /** Where a browser goes for it; null: it is a mutation. */
  url: string | null;
}

/** The doors that are open, in the order in which a page should offer them. */
export function signInDoors({ mailer, oidc }: Services): SignInDoor[] {
  const providers = [...oidc.byId.values()].map(({ settings: { id, label } }) => ({
    kind: 'OIDC' as const,
    label,
    url: `/auth/oidc/${id}/start`,
  }));
  const password: SignInDoor = { kind: 'PASSWORD', label: 'Password', url: null };
  const emailLink: SignInDoor = { kind: 'EMAIL_LINK', label: 'E-mail link', url: '/sign-in-link' };
  return [...providers, password, ...(mailer ? [emailLink] : [])];
}
