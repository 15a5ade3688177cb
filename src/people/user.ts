import { z } from 'zod';

/** A person we know. `email` is lower case and unique. */
export interface User {
  id: string;
  email: string;
  name: string | null;
  active: boolean;
  createdAt: Date;
  lastSeenAt: Date | null;
}

/** What signing in by password needs to know of a user; `passwordHash` is null for those who have none. */
export interface PasswordHolder {
  userId: string;
  email: string;
  active: boolean;
  passwordHash: string | null;
}

/**
 * At most `limit` users from behind `after` on: by e-mail address, or the newest, or those who were here last, first; who was
 * never here comes last. With `search` only those whose address or name contains it, in any case.
 */
export type UserPage = { limit: number; search?: string } & (
  | { order: 'email'; after?: string }
  | { order: 'createdAt' | 'lastSeenAt'; after?: { at: Date; id: string } }
);

/** An e-mail address as it is stored: trimmed and lower case. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email('This is not an e-mail address.').max(254, 'An e-mail address has at most 254 characters.'));

export const personName = z
  .string()
  .trim()
  .min(1, 'A name cannot be empty; leave it out, or give null.')
  .max(200, 'A name has at most 200 characters.');
