import { isAbsolute } from 'node:path';
import { z } from 'zod';

const columnTypes = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'FLOAT',
  'DOUBLE',
  'VARCHAR',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMPTZ',
  'UUID',
  'JSON',
];

/** Names a column type in the way it is stored: upper case, `DECIMAL(width,scale)` without blanks. */
const columnType = z
  .string()
  .transform((text) => text.toUpperCase().replaceAll(' ', ''))
  .refine(isColumnType, { error: `must be one of ${columnTypes.join(', ')}, DECIMAL(width,scale)` });

function isColumnType(type: string): boolean {
  if (columnTypes.includes(type)) return true;
  const decimal = /^DECIMAL\((\d{1,2}),(\d{1,2})\)$/.exec(type);
  if (!decimal) return false;
  const [width, scale] = [Number(decimal[1]), Number(decimal[2])];
  return width >= 1 && width <= 38 && scale <= width;
}

const noNul = { error: 'must not contain a NUL character' };

/** A source: one folder of this machine. */
export const sourceConfig = z.strictObject({
  folder: z
    .string()
    .refine(isAbsolute, { error: 'must be an absolute path' })
    .refine((path) => !path.includes('\0'), noNul)
    .describe('Absolute path of the folder, at or below one of FILES_ALLOWED_ROOTS.'),
});

/** The formats that a table can have. */
export const formats = ['csv', 'tsv', 'json', 'ndjson', 'parquet'] as const;

/** A table: one file of the folder, or all that fit a pattern, and how to read them. */
export const tableOptions = z.strictObject({
  path: z
    .string()
    .min(1)
    .refine((path) => !isAbsolute(path), { error: 'must be relative to the folder of the source' })
    .refine((path) => !path.split(/[/\\]/).includes('..'), { error: 'must not leave the folder of the source' })
    .refine((path) => !path.includes('\0'), noNul)
    .describe('The file, relative to the folder of the source; with `*`, `?`, `[a-z]` or `**` all files that fit.'),
  partitions: z
    .boolean()
    .optional()
    .describe('Whether folders named `column=value` on the way to the files are columns; left out: they are not.'),
  format: z.enum(formats).optional().describe('Left out: by the extension of the file.'),
  delimiter: z
    .string()
    .regex(/^[\t !#-/:-@[-^`{-~]$/, { error: 'must be one character such as , ; | or a tab' })
    .optional()
    .describe('Left out: the most frequent of `,` `;` tab `|` in the first line.'),
  header: z.boolean().optional().describe('Whether the first line names the columns; left out: it does.'),
  types: z
    .record(z.string(), columnType)
    .optional()
    .describe('Column name to type, for columns that shall not be detected.'),
  nullText: z.string().optional().describe('Means NULL, besides the empty value.'),
  dateFormat: z.string().min(1).optional().describe('Such as `%d.%m.%Y`; left out: ISO 8601.'),
  timestampFormat: z.string().min(1).optional().describe('Such as `%d.%m.%Y %H:%M`; left out: ISO 8601.'),
});

export type FilesSource = z.infer<typeof sourceConfig>;
export type FileFormat = (typeof formats)[number];
export type FilesTable = z.infer<typeof tableOptions>;
