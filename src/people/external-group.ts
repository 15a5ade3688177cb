import { z } from 'zod';

/** A set of people that an identity provider names; its id is the provider's, and `name` is the id where there is none. */
export interface ExternalGroup {
  readonly id: string;
  readonly name: string;
}

/** The ids of the groups that somebody is in, by whatever provider, sorted. */
export interface GroupsOfUser {
  readonly userId: string;
  readonly groupIds: readonly string[];
}

// oxlint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f]/;

/** The id of a group as it is stored: exactly as the provider writes it, for ids are compared character by character. */
export const externalGroupId = z
  .string()
  .refine((id) => id.trim() !== '', 'The id of a group cannot be empty; write it as the identity provider does.')
  .refine((id) => !controlCharacters.test(id), 'The id of a group has no control characters.')
  .max(500, 'The id of a group has at most 500 characters.');
