import { ConflictError, InvalidInputError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { WriteTransaction } from '../store/store.ts';
import { demandRole } from './demand-role.ts';
import { findCycles } from './role-graph.ts';
import { selectRoles } from './role.store.ts';
import type { Role } from './role.ts';

declare module '../operation/services.ts' {
  interface Services {
    /** The keys of the roles that code defines; nobody can change or delete these. */
    readonly definedRoles: ReadonlySet<string>;
  }
}

/** The role with this key, made by an administrator; throws when there is none, or when code defines it. */
export function demandOwnRole(services: Services, key: string): Role {
  const role = demandRole(services, key);
  if (!isOwnRole(services, role)) {
    throw new ConflictError(
      `The role ${key} is defined by Agnes itself and can neither be changed nor deleted; make an own role instead.`,
    );
  }
  return role;
}

/** Whether an administrator made the role, so that it can be changed and deleted. */
export function isOwnRole(services: Services, { key, isCore }: Role): boolean {
  return !isCore && !services.definedRoles.has(key);
}

/** Throws an `InvalidInputError` when a role with these `implies` names one that there is not, or closes a circle. */
export async function checkImplies(tx: WriteTransaction, role: Pick<Role, 'key' | 'implies'>): Promise<void> {
  const graph = new Map<string, Pick<Role, 'implies'>>(
    (await selectRoles(tx.db)).map((stored) => [stored.key, stored]),
  );
  graph.set(role.key, role);
  const unknown = role.implies.filter((key) => !graph.has(key)).map((key) => JSON.stringify(key));
  if (unknown.length > 0) refuse(`There is no role with the key ${unknown.join(' or ')}.`);
  const [circle] = findCycles(graph);
  if (circle) refuse(`The roles would imply each other in a circle: ${circle.join(' → ')}.`);
}

function refuse(message: string): never {
  throw new InvalidInputError([{ path: 'implies', message }]);
}
