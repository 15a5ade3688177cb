import type { NamedGroup } from '../../people/replace-external-groups.ts';

/** What a provider says of somebody's groups; `kept` tells why it says nothing and the last known ones stay. */
export type GroupsAnswer =
  | { readonly groups: readonly NamedGroup[] }
  | { readonly kept: 'absent' | 'unreadable' | 'unavailable'; readonly cause?: string };

/** What the provider vouches for: the claims of the ID token, and over them those of the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

/** What differs between providers. */
export interface Profile {
  /** The scopes to ask for, given those that the provider announces. */
  scopes(announced: readonly string[]): readonly string[];
  /** Whether the provider vouches for somebody of these domains, beyond the domain of a verified e-mail address. */
  vouchesFor(claims: Claims, person: { domain: string; allowedDomains: readonly string[] }): boolean;
  /** Never throws: what goes wrong is in the answer. */
  readGroups(given: { claims: Claims; accessToken: string; email: string }): Promise<GroupsAnswer>;
}
