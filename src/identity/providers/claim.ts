import { z } from 'zod';
import type { GroupsAnswer, Profile } from './profile.ts';

const text = z.string().max(500);

const namedGroups = z.array(
  z.union([
    text.transform((id) => ({ id })),
    z.object({ id: text, name: text.nullish() }).transform(({ id, name }) => ({ id, name: name ?? null })),
  ]),
);

/** Any issuer by the book: the groups stand in the claim of this name; null reads none, and says that there are none. */
export function claimProfile(groupsClaim: string | null): Profile {
  return {
    scopes: (announced) => [
      'openid',
      'email',
      'profile',
      ...(groupsClaim !== null && announced.includes('groups') ? ['groups'] : []),
    ],
    vouchesFor: () => true,
    readGroups: ({ claims }) =>
      Promise.resolve(groupsClaim === null ? { groups: [] } : readGroupsClaim(claims[groupsClaim])),
  };
}

function readGroupsClaim(value: unknown): GroupsAnswer {
  if (value === undefined || value === null) return { kept: 'absent' };
  const parsed = namedGroups.safeParse(value);
  return parsed.success ? { groups: parsed.data } : { kept: 'unreadable' };
}
