import { compare } from './compare.ts';
import type { GroupMapping } from './group-mapping.ts';
import { pathsFrom, type RoleGraph } from './role-graph.ts';
import type { RoleGrant } from './role-grant.ts';

/** What a path begins with: a role given to the user, or a mapping of a group that the user is in. */
export type RoleOrigin =
  | { readonly grant: RoleGrant; readonly mapping: null }
  | { readonly grant: null; readonly mapping: GroupMapping };

/** One way in which a user comes to a role: `path` leads from the given or mapped role to it, both included, by `implies`. */
export type RolePath = RoleOrigin & { readonly path: readonly string[] };

/** A role in effect, with every path to it from every grant and every mapping that gives it. */
export interface EffectiveRole {
  readonly roleKey: string;
  readonly via: readonly RolePath[];
}

/** What these origins give, sorted by key; of each origin all paths, shortest first, in the order of the origins. */
export function traceRoles(roles: RoleGraph, origins: readonly RoleOrigin[]): EffectiveRole[] {
  const found = new Map<string, RolePath[]>();
  for (const origin of origins) {
    for (const [key, paths] of pathsFrom(roles, (origin.grant ?? origin.mapping).roleKey)) {
      const via = found.get(key) ?? [];
      found.set(key, [...via, ...paths.map((path) => ({ ...origin, path }))]);
    }
  }
  return [...found]
    .map(([roleKey, via]) => ({ roleKey, via }))
    .toSorted((left, right) => compare(left.roleKey, right.roleKey));
}
