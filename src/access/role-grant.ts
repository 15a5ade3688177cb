/** How a user came to hold a role: given by a person, given when the user was made, or kept by the program itself. */
export type RoleGrantSource = 'direct' | 'auto-seed' | 'system';

/** From when to when a grant counts: at `startsAt` it does, at `expiresAt` no longer. Null: from the first, and without an end. */
export interface GrantPeriod {
  readonly startsAt: Date | null;
  readonly expiresAt: Date | null;
}

/** A user has a role. */
export interface RoleGrant extends GrantPeriod {
  readonly id: string;
  readonly userId: string;
  readonly roleKey: string;
  readonly source: RoleGrantSource;
  /** The actor as the audit names it, or a marker of the program; null when an older database did not know it. */
  readonly grantedBy: string | null;
  readonly grantedAt: Date;
}

/** Whether the grant counts at this instant, in milliseconds since the epoch. */
export function countsAt({ startsAt, expiresAt }: GrantPeriod, instant: number): boolean {
  return (startsAt === null || startsAt.getTime() <= instant) && !hasEnded({ expiresAt }, instant);
}

/** Whether the grant is over at this instant, in milliseconds since the epoch. */
export function hasEnded({ expiresAt }: Pick<GrantPeriod, 'expiresAt'>, instant: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= instant;
}
