import type { Store } from '../store/store.ts';
import { selectMadeRoleKeys, selectRoles, upsertRole } from './role.store.ts';
import type { Role } from './role.ts';

/** Code defines a role under a key that an administrator has taken for an own one; its holders must not come to other rights. */
export class RoleKeyTakenError extends Error {
  readonly code = 'ROLE_KEY_TAKEN';

  constructor(keys: readonly string[]) {
    super(
      `This version defines ${keys.join(', ')}, and an administrator has made a role with the same key: start the version ` +
        'before, make that role anew under another key, delete it, and start this version again.',
    );
    this.name = 'RoleKeyTakenError';
  }
}

/**
 * Makes the stored roles equal to the defined ones, at every start: missing ones are added, drifted ones repaired, in one
 * transaction; roles made by an administrator stay as they are, and a definition that would take the place of one is
 * refused with a `RoleKeyTakenError`. Resolves to the keys it wrote.
 */
export async function seedRoles(store: Store, defined: readonly Role[]): Promise<string[]> {
  const stored = new Map((await selectRoles(store.db)).map((role) => [role.key, role]));
  const made = new Set(await selectMadeRoleKeys(store.db));
  const taken = defined.map((role) => role.key).filter((key) => made.has(key));
  if (taken.length > 0) throw new RoleKeyTakenError(taken);
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
