import { z } from 'zod';
import type { RoleKey } from '../operation/role-key.ts';

/** A role as it is stored: defined in code or made by an administrator. */
export interface Role {
  readonly key: string;
  readonly displayName: string;
  readonly description: string;
  /** The first segment of the key. */
  readonly ownerModule: string;
  readonly isCore: boolean;
  /** Keys of the roles that a holder of this one holds too, sorted. */
  readonly implies: readonly string[];
}

/** A role as a module defines it. `impliedBy` says the same as `implies` in the other role, for roles of other modules. */
export interface RoleDefinition<Key extends string = string> {
  readonly key: Key;
  readonly displayName: string;
  readonly description: string;
  readonly implies: readonly string[];
  readonly impliedBy: readonly string[];
}

/** What `defineRole` is told; without `implies` and `impliedBy` the role stands alone. */
export interface RoleInput<Key extends RoleKey> {
  key: Key;
  displayName: string;
  description: string;
  implies?: readonly RoleKey[];
  impliedBy?: readonly RoleKey[];
}

/** A frozen definition; its key must stand in `RoleKeys`, or it does not compile. `collectRoles` checks all of them together. */
export function defineRole<Key extends RoleKey>(input: RoleInput<Key>): RoleDefinition<Key> {
  return Object.freeze({
    key: input.key,
    displayName: input.displayName,
    description: input.description,
    implies: Object.freeze([...(input.implies ?? [])]),
    impliedBy: Object.freeze([...(input.impliedBy ?? [])]),
  });
}

const longestKey = 64;
const keyPattern = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/;

/** What a role key looks like, for messages that refuse one. */
export const roleKeyGrammar =
  'segments of a-z, 0-9 and _ that each begin with a letter, joined by dots, at most 64 characters in all';

/** Whether `text` is a role key: `segment *( "." segment )`, a segment is `[a-z][a-z0-9_]*`, 1 to 64 characters in all. */
export function isRoleKey(text: string): boolean {
  return text.length <= longestKey && keyPattern.test(text);
}

/** The text of a role's name, for people. */
export const roleDisplayName = z
  .string()
  .trim()
  .min(1, 'A role needs a name for people.')
  .max(100, 'The name of a role has at most 100 characters.')
  .refine((text) => !text.includes('\0'), 'The name of a role has no NUL character.');

export const roleDescription = z
  .string()
  .trim()
  .max(2_000, 'The description of a role has at most 2,000 characters.')
  .refine((text) => !text.includes('\0'), 'The description of a role has no NUL character.');

/** The module that owns a role: the first segment of its key. */
export function ownerModuleOf(key: string): string {
  const dot = key.indexOf('.');
  return dot === -1 ? key : key.slice(0, dot);
}
