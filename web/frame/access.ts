import type { RootField } from '../graphql.ts';

/** What decides about the controls that are shown; the server decides again about each request. */
export interface Access {
  /** Effective roles, expanded. */
  roles: ReadonlySet<string>;
  matrix: readonly { field: string; roles: readonly string[] }[];
}

/** Whether someone with these roles may use a root field; no, when the matrix does not name it. */
export function mayUse(field: RootField, { roles, matrix }: Access): boolean {
  const rule = matrix.find((entry) => entry.field === field);
  return rule !== undefined && rule.roles.some((role) => roles.has(role));
}
