import { z } from 'zod';

/** A configured instance of a connector. `name` is the first part of its tables' default SQL names. */
export interface Source {
  id: string;
  name: string;
  connector: string;
  config: Record<string, unknown>;
  createdAt: Date;
}

const reservedNames = new Set(['main', 'temp', 'system', 'memory', 'pg_catalog', 'information_schema']);

/** An SQL identifier that needs no quotes: a lower-case letter or `_`, then those or digits, at most 64 characters. */
export const sqlIdentifier = z
  .string()
  .regex(
    /^[a-z_][a-z0-9_]{0,63}$/,
    'Use a lower-case letter or _, then lower-case letters, digits or _, at most 64 characters.',
  );

/** A source's name: an identifier that DuckDB does not use for itself. */
export const sourceName = sqlIdentifier.refine((name) => !reservedNames.has(name), {
  error: ({ input }) => `${JSON.stringify(input)} is a name that SQL uses itself; choose another.`,
});

/** A table's SQL name, `schema.table`, both identifiers; DuckDB's own schemas are refused. */
export const sqlName = z.string().transform((value, context) => {
  const parts = value.split('.');
  const fits =
    parts.length === 2 && sourceName.safeParse(parts[0]).success && sqlIdentifier.safeParse(parts[1]).success;
  if (fits) return value;
  context.addIssue({
    code: 'custom',
    message: 'Use two lower-case SQL identifiers with a dot between, such as shop.orders.',
  });
  return z.NEVER;
});
