/** How the principal proved who it is. Only interactive credentials may make tokens. */
export type CredentialKind = 'session' | 'pat' | 'device' | 'development' | 'system';

/** What a token gives up of its owner's rights; it never adds any. The object is the same as long as the token is. */
export interface Narrowing {
  /** Whether it may change nothing. */
  readonly readOnly: boolean;
  /** The only tables it may read, of those that its owner may; null: all of them. With a list, it administers nothing. */
  readonly tableIds: readonly string[] | null;
  /** The only roles it keeps, with what they imply, of those that its owner has; null: all of them. */
  readonly roleKeys: readonly string[] | null;
}

/** Who makes this request. Made anew for each request and each event; never cached in a cookie or a token. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  readonly credential: { readonly kind: CredentialKind; readonly id: string };
  /** Effective roles, expanded over `implies`. */
  readonly roles: ReadonlySet<string>;
  /** Absent: everything that the user may, the principal may. */
  readonly narrowing?: Narrowing;
}
