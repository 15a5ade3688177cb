/** An account at a provider that signs a user in. */
export interface Identity {
  readonly id: string;
  readonly userId: string;
  readonly issuer: string;
  /** By which configured provider it was last used; null when it never was since that is noted. */
  readonly provider: string | null;
  /** What the issuer said when it was linked. */
  readonly email: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}
