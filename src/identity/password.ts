import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { atMost } from '../kernel/at-most.ts';

/** The least number of characters of a new password. */
const shortestPassword = 12;

/** A new password: 12 to 256 characters (NIST SP 800-63B: length, no composition rules). */
export const newPassword = z
  .string()
  .min(shortestPassword, `A password has at least ${shortestPassword} characters.`)
  .max(256, 'A password has at most 256 characters.');

/** Any password that somebody types to be let in; the limit keeps a hash from taking long. */
export const typedPassword = z.string().max(1024, 'A password has at most 1024 characters.');

/** What OWASP recommends: 19 MiB, 2 passes, 1 lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password that nobody has, with today's parameters, for those who have none to compare with. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$JrTiqrgkVpzSqTuO8q6+YQ$pL72P+q+4vmIbEiRtGWVdl1gTx+WVkpOzy59VOenxyU';

const hashesAtOnce = 4;
const inTurn = atMost(hashesAtOnce);
let computations = 0;

/** How many hashes of passwords this process has computed, so that it can be told that two ways take equally many. */
export function hashComputations(): number {
  return computations;
}

/** Argon2id in PHC form. At most four hashes are computed at the same time. */
export function hashPassword(password: string): Promise<string> {
  return compute(() => hash(password, parameters));
}

/**
 * Whether `password` is the one of this hash (argon2 in PHC form); false for a hash that cannot be read. Null, no hash, takes
 * the same computation and is never right.
 */
export function verifyPassword(password: string, passwordHash: string | null): Promise<boolean> {
  return compute(async () => {
    const right = await verify(passwordHash ?? nobodysHash, password).catch(() => false);
    return right && passwordHash !== null;
  });
}

/** Whether a hash is weaker than those made today. */
export function isWeakHash(passwordHash: string): boolean {
  const [, memoryCost, timeCost] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(passwordHash) ?? [];
  return !(Number(memoryCost) >= parameters.memoryCost && Number(timeCost) >= parameters.timeCost);
}

function compute<Result>(computation: () => Promise<Result>): Promise<Result> {
  return inTurn(() => {
    computations += 1;
    return computation();
  });
}
