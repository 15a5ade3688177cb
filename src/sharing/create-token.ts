import { z } from 'zod';
import { addToken } from '../identity/add-token.ts';
import type { Token } from '../identity/token.ts';
import { InvalidInputError, type FieldFault } from '../kernel/errors.ts';
import { defineOperation } from '../operation/define-operation.ts';
import type { Narrowing } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'token.created': { name: string; expiresAt: string | null } & Narrowing;
  }
}

const dayMilliseconds = 86_400_000;
const longestDays = 3650;
const longestList = 1000;

function limitedTo(what: string) {
  return z
    .array(z.string())
    .min(1, `Name at least one ${what}, or leave the list out.`)
    .max(longestList, `Name at most ${longestList} ${what}s.`)
    .transform((values) => [...new Set(values)].toSorted())
    .nullish()
    .transform((values) => values ?? null);
}

/**
 * Makes a personal access token for the caller; the secret is in the result and nowhere else. It can be narrowed to less than
 * the caller may, and never has more than the caller has at that instant.
 */
export const createToken = defineOperation({
  rule: { interactive: true },
  event: 'token.created',
  input: z.strictObject({
    name: z.string().trim().min(1, 'Give the token a name.').max(100, 'A name has at most 100 characters.'),
    expiresInDays: z
      .int()
      .min(1, 'A token lives for at least one day.')
      .max(longestDays, `A token lives for at most ${longestDays} days; give null for one without an end.`)
      .nullable()
      .default(90),
    readOnly: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    tableIds: limitedTo('table'),
    roleKeys: limitedTo('role'),
  }),
  async run({ tx, input, principal, services, record }): Promise<{ token: Token; secret: string }> {
    const { userId } = principal!;
    const { name, expiresInDays, ...narrowing } = input;
    refuseUnknown(services, { userId, narrowing });
    const expiresAt = expiresInDays === null ? null : new Date(tx.at.getTime() + expiresInDays * dayMilliseconds);
    const made = await addToken(tx, { userId, name, expiresAt, narrowing });
    record({
      resource: `token:${made.token.id}`,
      details: { name, expiresAt: expiresAt?.toISOString() ?? null, ...narrowing },
    });
    return made;
  },
});

/** What the owner may not read, or is not, does not exist for the token either. */
function refuseUnknown(services: Services, { userId, narrowing }: { userId: string; narrowing: Narrowing }): void {
  const readable = services.tableAccess.readableSet(userId);
  const roles = services.accessIndex.rolesOf(userId);
  const faults: FieldFault[] = [];
  for (const [index, id] of (narrowing.tableIds ?? []).entries()) {
    if (!readable.has(id))
      faults.push({ path: `tableIds.${index}`, message: `You can read no table with the id ${id}.` });
  }
  for (const [index, key] of (narrowing.roleKeys ?? []).entries()) {
    if (!roles.has(key)) faults.push({ path: `roleKeys.${index}`, message: `You do not have the role ${key}.` });
  }
  if (faults.length > 0) throw new InvalidInputError(faults);
}
