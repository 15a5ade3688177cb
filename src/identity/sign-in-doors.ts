import type { Services } from '../operation/services.ts';

/** A way to come in that is open on this instance. */
export interface SignInDoor {
  kind: 'PASSWORD' | 'OIDC';
  /** What to call it on a page. */
  label: string;
  /** Where a browser goes for it; null: it is a mutation. */
  url: string | null;
}

/** The doors that are open, in the order in which a page should offer them. */
export function signInDoors({ oidc }: Services): SignInDoor[] {
  const providers = [...oidc.byId.values()].map(({ settings: { id, label } }) => ({
    kind: 'OIDC' as const,
    label,
    url: `/auth/oidc/${id}/start`,
  }));
  return [...providers, { kind: 'PASSWORD', label: 'Password', url: null }];
}
