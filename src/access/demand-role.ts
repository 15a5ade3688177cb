import { NotFoundError } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { Role } from './role.ts';

/** The role with this key as of the last commit; throws a `NotFoundError` that names the key when there is none. */
export function demandRole(services: Services, key: string): Role {
  const role = services.accessIndex.role(key);
  if (!role) throw new NotFoundError(`There is no role with the key ${JSON.stringify(key)}.`);
  return role;
}
