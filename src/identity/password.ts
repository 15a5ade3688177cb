import { hash } from '@node-rs/argon2';
import { z } from 'zod';

/** A new password: 12 to 256 characters (NIST SP 800-63B: length, no composition rules). */
export const newPassword = z
  .string()
  .min(12, 'A password has at least 12 characters.')
  .max(256, 'A password has at most 256 characters.');

/** Argon2id in PHC form, with the parameters OWASP recommends (19 MiB, 2 passes, 1 lane). */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}
