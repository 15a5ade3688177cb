import type { MatrixRule } from './documents.ts';

/** Which rules to show; all that is named has to fit. */
export interface MatrixFilter {
  /** A part of the field, of what it does or of the rule, in any case; empty: all. */
  search: string;
  /** The key of a role; null: all. */
  role: string | null;
  onlyMine: boolean;
}

/** The rules that fit, in their order. What needs no role, holders of every role may. */
export function filterRules(rules: readonly MatrixRule[], { search, role, onlyMine }: MatrixFilter): MatrixRule[] {
  const sought = search.trim().toLowerCase();
  return rules.filter(
    (rule) =>
      (!onlyMine || rule.permitted) &&
      (role === null || rule.roles.length === 0 || rule.roles.includes(role)) &&
      [rule.field, rule.description, rule.rule].some((text) => text.toLowerCase().includes(sought)),
  );
}

/** Every role that some rule names, by key. */
export function namedRoles(rules: readonly MatrixRule[]): string[] {
  return [...new Set(rules.flatMap(({ roles }) => roles))].toSorted();
}
