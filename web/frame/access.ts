import type { RootField } from '../graphql.ts';

/** What decides about the controls that are shown; the server decides again about each request. */
export interface Access {
  /** Effective roles, expanded. */
  roles: ReadonlySet<string>;
  matrix: readonly AccessRule[];
}

/** The rule of a root field, as the server tells it. */
export interface AccessRule {
  field: string;
  /** Every role that will do; none where the rule is not about roles. */
  roles: readonly string[];
  /** Whether who asked may. */
  permitted: boolean;
}

/** Whether someone with these roles may use a root field; no, when the matrix does not name it. */
export function mayUse(field: RootField, { roles, matrix }: Access): boolean {
  const rule = matrix.find((entry) => entry.field === field);
  if (!rule) return false;
  return rule.roles.length === 0 ? rule.permitted : rule.roles.some((role) => roles.has(role));
}
