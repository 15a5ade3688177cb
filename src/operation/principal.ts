/** How the principal proved who it is. Only interactive credentials may make tokens. */
export type CredentialKind = 'session' | 'pat' | 'development' | 'system';

/** Who makes this request. Made anew for each request and each event; never cached in a cookie or a token. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  readonly credential: { readonly kind: CredentialKind; readonly id: string };
  /** Effective roles, expanded over `implies`. */
  readonly roles: ReadonlySet<string>;
}
