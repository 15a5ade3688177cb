import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** A source: one directory that an extractor of the predecessor wrote. */
export const sourceConfig = z.strictObject({
  folder: z
    .string()
    .refine(isAbsolute, { error: 'must be an absolute path' })
    .refine((path) => !path.includes('\0'), { error: 'must not contain a NUL character' })
    .describe('Absolute path of the folder that holds `extract.duckdb`, at or below one of FILES_ALLOWED_ROOTS.'),
});

/** Whether a table of an extract may be read by this name, as the predecessor has it. */
export function isSafeTable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name);
}

/** A table: one row of `_meta`. */
export const tableOptions = z.strictObject({
  table: z
    .string()
    .refine(isSafeTable, {
      error: 'must be at most 64 ASCII letters, digits and underscores, no digit first',
    })
    .describe('Its `table_name` in `_meta`.'),
});

export type ExtractSource = z.infer<typeof sourceConfig>;
export type ExtractOptions = z.infer<typeof tableOptions>;
