import type { Store } from '../store/store.ts';
import { selectUsersNamedBy } from './external-group.store.ts';
import { replaceExternalGroups, type NamedGroup } from './replace-external-groups.ts';
import { selectUserByEmail } from './user.store.ts';

const provider = 'development';

/**
 * Puts the development user into these groups, and nobody else: what an earlier development mode left behind is taken
 * away, so that it gives nobody a role. `email` is null outside development mode; without such a user nobody is in them.
 */
export async function setDevelopmentGroups(
  store: Store,
  given: { email: string | null; groups: readonly NamedGroup[] },
): Promise<void> {
  const user = given.email === null ? null : await selectUserByEmail(store.db, given.email.toLowerCase());
  const named = await selectUsersNamedBy(store.db, provider);
  const groups = user ? given.groups : [];
  if (named.length === 0 && groups.length === 0) return;
  await store.write(async (tx) => {
    for (const userId of named)
      if (userId !== user?.id) await replaceExternalGroups(tx, { userId, provider, groups: [] });
    if (user) await replaceExternalGroups(tx, { userId: user.id, provider, groups });
  });
}
