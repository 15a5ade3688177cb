import type { Role } from './documents.ts';

/** Every role that comes with one role, and every role that brings it; neither has the role itself. */
export interface RelatedRoles {
  implied: ReadonlySet<string>;
  impliedBy: ReadonlySet<string>;
}

/** What a role implies and what implies it, by way of others too; empty for a key that no role has. */
export function findRelatedRoles(roles: readonly Role[], key: string | null): RelatedRoles {
  const byKey = new Map(roles.map((role) => [role.key, role]));
  return {
    implied: follow(key, (from) => byKey.get(from)?.implies),
    impliedBy: follow(key, (from) => byKey.get(from)?.impliedBy),
  };
}

function follow(key: string | null, next: (from: string) => readonly { key: string }[] | undefined): Set<string> {
  const reached = new Set(key === null ? [] : [key]);
  // A Set visits what is added while it is walked.
  for (const from of reached) for (const role of next(from) ?? []) reached.add(role.key);
  if (key !== null) reached.delete(key);
  return reached;
}
