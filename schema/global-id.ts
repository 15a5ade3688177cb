import { NotFoundError } from '../src/kernel/errors.ts';

/** The stored id behind a global id of this type (`<type>:<id>`); throws a `NotFoundError` for an id of another type. */
export function storedId(typeName: string, globalId: string): string {
  const prefix = `${typeName}:`;
  if (globalId.startsWith(prefix)) return globalId.slice(prefix.length);
  const article = /^[AEIO]/.test(typeName) ? 'an' : 'a';
  throw new NotFoundError(`${JSON.stringify(globalId.slice(0, 100))} is not the id of ${article} ${typeName}.`);
}
