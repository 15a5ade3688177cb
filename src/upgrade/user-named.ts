import type { Upgrade } from './upgrade.ts';

/**
 * The id of the user whom the predecessor named by id, by e-mail address or, in what is older than its database, by account, which is an address up to
 * its `@`; the name itself where that is nobody or several.
 */
export function userNamed({ users }: Pick<Upgrade, 'users'>, name: string): string {
  if (users.has(name)) return name;
  const written = name.toLowerCase();
  const all = [...users.values()];
  const found = all.filter(({ email }) => email === written);
  const named = found.length > 0 ? found : all.filter(({ email }) => email.split('@')[0] === written);
  return named.length === 1 ? named[0]!.id : name;
}
