/** How a user came to hold a role: given by a person, given when the user was made, or kept by the program itself. */
export type RoleGrantSource = 'direct' | 'auto-seed' | 'system';

/** A user has a role. */
export interface RoleGrant {
  readonly id: string;
  readonly userId: string;
  readonly roleKey: string;
  readonly source: RoleGrantSource;
  /** The actor as the audit names it, or a marker of the program; null when an older database did not know it. */
  readonly grantedBy: string | null;
  readonly grantedAt: Date;
}
