/** Everybody in the external group has the role. The group's id is compared character by character. */
export interface GroupMapping {
  readonly id: string;
  readonly externalGroupId: string;
  readonly roleKey: string;
  /** The actor as the audit names it; null when an older database did not know it. */
  readonly assignedBy: string | null;
  readonly assignedAt: Date;
}
