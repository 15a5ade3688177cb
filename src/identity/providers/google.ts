import { z } from 'zod';
import type { NamedGroup } from '../../people/replace-external-groups.ts';
import type { Claims, GroupsAnswer, Profile } from './profile.ts';

/** Where Google is; tests put their own there. */
export interface GoogleEndpoints {
  readonly issuer: string;
  readonly groupsUrl: string;
  /** For all pages together. */
  readonly timeoutSeconds: number;
}

export const googleEndpoints: GoogleEndpoints = {
  issuer: 'https://accounts.google.com',
  groupsUrl: 'https://cloudidentity.googleapis.com',
  timeoutSeconds: 5,
};

const scopes = ['openid', 'email', 'profile', 'https://www.googleapis.com/auth/cloud-identity.groups.readonly'];

const page = z.object({
  memberships: z
    .array(
      z.object({ groupKey: z.object({ id: z.string() }).partial().optional(), displayName: z.string().optional() }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

/** Google: groups come from Cloud Identity, and only an organisation vouches for addresses that are not Gmail's. */
export function googleProfile({ groupsUrl, timeoutSeconds }: GoogleEndpoints): Profile {
  return {
    scopes: () => scopes,
    vouchesFor,
    async readGroups({ accessToken, email }): Promise<GroupsAnswer> {
      try {
        const signal = AbortSignal.timeout(timeoutSeconds * 1000);
        return { groups: await fetchGroups({ groupsUrl, accessToken, email, signal }) };
      } catch (error) {
        return { kept: 'unavailable', cause: (error as Error).message };
      }
    },
  };
}

/** Somebody may own a Google account with any address; `hd` names the organisation that owns it. */
function vouchesFor({ hd }: Claims, { domain, allowedDomains }: { domain: string; allowedDomains: readonly string[] }) {
  if (hd === undefined) return domain === 'gmail.com';
  return typeof hd === 'string' && allowedDomains.includes(hd.toLowerCase());
}

async function fetchGroups(given: {
  groupsUrl: string;
  accessToken: string;
  email: string;
  signal: AbortSignal;
}): Promise<NamedGroup[]> {
  const groups: NamedGroup[] = [];
  let pageToken: string | undefined;
  do {
    const url = new URL('/v1/groups/-/memberships:searchTransitiveGroups', given.groupsUrl);
    url.searchParams.set('query', membershipQuery(given.email));
    if (pageToken !== undefined) url.searchParams.set('pageToken', pageToken);
    const headers = { Authorization: `Bearer ${given.accessToken}` };
    const response = await fetch(url, { headers, signal: given.signal, redirect: 'error' });
    if (!response.ok) throw new Error(`Cloud Identity answered ${response.status}.`);
    const { memberships, nextPageToken } = page.parse(await response.json());
    for (const { groupKey, displayName } of memberships) {
      if (groupKey?.id) groups.push({ id: groupKey.id, name: displayName });
    }
    pageToken = nextPageToken || undefined;
  } while (pageToken !== undefined);
  return groups;
}

/** Google refuses a query without a label, and lets people who do not administer groups ask for this label only. */
function membershipQuery(email: string): string {
  const key = email.replaceAll(/['"\\]/g, (character) => `\\${character}`);
  return `member_key_id == '${key}' && 'cloudidentity.googleapis.com/groups.security' in labels`;
}
