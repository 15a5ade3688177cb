import { InvalidInputError } from '../kernel/errors.ts';
import type { GrantPeriod } from './role-grant.ts';

/** Throws an `InvalidInputError` unless a grant that is made now may count in this period: it has not begun, and it ends after it begins. */
export function checkPeriod({ startsAt, expiresAt }: GrantPeriod, now: Date): void {
  const fields: { path: string; message: string }[] = [];
  if (startsAt && startsAt <= now) {
    fields.push({ path: 'startsAt', message: 'This has passed; leave it out to begin at once.' });
  }
  if (expiresAt && expiresAt <= now) fields.push({ path: 'expiresAt', message: 'The end must lie in the future.' });
  else if (expiresAt && startsAt && expiresAt <= startsAt) {
    fields.push({ path: 'expiresAt', message: 'The end must come after the beginning.' });
  }
  if (fields.length > 0) throw new InvalidInputError(fields);
}
