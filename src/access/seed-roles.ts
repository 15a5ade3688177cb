import type { Store } from '../store/store.ts';
import { selectRoles, upsertRole } from './role.store.ts';
import type { Role } from './role.ts';

/**
 * Makes the stored roles equal to the defined ones, at every start: missing ones are added, drifted ones repaired, in one
 * transaction; roles made by an administrator stay as they are. Resolves to the keys it wrote.
 */
export async function seedRoles(store: Store, defined: readonly Role[]): Promise<string[]> {
  const stored = new Map((await selectRoles(store.db)).map((role) => [role.key, role]));
  const drifted = defined.filter((role) => !sameRole(role, stored.get(role.key)));
  if (drifted.length === 0) return [];
  await store.write(async (tx) => {
    for (const role of drifted) await upsertRole(tx, role);
  });
  return drifted.map((role) => role.key);
}

function sameRole(defined: Role, stored: Role | undefined): boolean {
  return stored !== undefined && serialise(defined) === serialise(stored);
}

function serialise(role: Role): string {
  const { key, displayName, description, ownerModule, isCore, implies } = role;
  return JSON.stringify([key, displayName, description, ownerModule, isCore, implies.toSorted()]);
}
