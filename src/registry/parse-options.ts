import type { ZodType } from 'zod';
import { InvalidInputError } from '../kernel/errors.ts';

/** Parses what a connector's own schema describes; throws an `InvalidInputError` whose paths begin with `path`. */
export function parseOptions(
  schema: ZodType,
  given: { path: string; value: Record<string, unknown> },
): Record<string, unknown> {
  const parsed = schema.safeParse(given.value);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw new InvalidInputError(
    parsed.error.issues.map((issue) => ({
      path: [given.path, ...issue.path].join('.'),
      message: issue.message,
    })),
  );
}
