import { z } from 'zod';

/** The prefix of every environment variable that a source may name. */
export const tokenPrefix = 'KEBOOLA_';

/** A source: one project of one stack. */
export const sourceConfig = z.strictObject({
  stackUrl: z
    .string()
    .refine(isStackUrl, { error: 'must be the https address of a stack, such as https://connection.example.com' })
    .transform((url) => new URL(url).origin)
    .describe('Address of the stack, such as `https://connection.example.com`.'),
  tokenEnv: z
    .string()
    .regex(/^KEBOOLA_[A-Z0-9_]{1,100}$/, { error: 'must be the name of a variable that begins with KEBOOLA_' })
    .default('KEBOOLA_STORAGE_TOKEN')
    .describe('Name of the environment variable that holds the Storage API token.'),
  exportTimeoutSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(3600)
    .describe('How long an export may wait and run at Keboola.'),
});

function isStackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.pathname === '/' && isSecure(url);
}

/** Whether what goes there cannot be read on the way: https, or this machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/** Whether the address is this machine. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

const duckDbType = z
  .string()
  .transform((text) => text.toUpperCase().replaceAll(' ', ''))
  .refine(
    (type) => /^(BOOLEAN|BIGINT|DOUBLE|VARCHAR|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|JSON)$/.test(type) || isDecimal(type),
    {
      error:
        'must be BOOLEAN, BIGINT, DOUBLE, DECIMAL(width,scale), VARCHAR, DATE, TIME, TIMESTAMP, TIMESTAMPTZ or JSON',
    },
  );

function isDecimal(type: string): boolean {
  const found = /^DECIMAL\((\d{1,2}),(\d{1,2})\)$/.exec(type);
  return found !== null && Number(found[1]) >= 1 && Number(found[1]) <= 38 && Number(found[2]) <= Number(found[1]);
}

const column = z.string().min(1).max(255);

const where = z.strictObject({
  column: column.describe('The column whose values decide.'),
  operator: z
    .enum(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
    .default('eq')
    .describe('`eq` and `ne` take several values: any of them, none of them.'),
  values: z.array(z.string()).min(1).max(1000).describe('As Keboola holds them.'),
  dataType: z
    .enum(['BIGINT', 'DOUBLE', 'INTEGER', 'REAL', 'NUMERIC'])
    .optional()
    .describe('As what they are compared; left out: as text.'),
});

const partition = z.strictObject({
  column: column.describe('A column of dates or timestamps.'),
  by: z.enum(['month', 'day']).default('month').describe('How much one partition holds.'),
  recent: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Only so many of the last partitions, and newer ones, are exported again; left out: all.'),
});

/** A table of Storage, and how much of it is taken. */
export const tableOptions = z
  .strictObject({
    table: z
      .string()
      .regex(/^(in|out|sys)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, {
        error: 'must be the id of a table, such as in.c-crm.orders',
      })
      .describe('The id of the table, such as `in.c-crm.orders`.'),
    columns: z.array(column).min(1).optional().describe('The columns to take; left out: all.'),
    where: z.array(where).min(1).max(20).optional().describe('Only rows to which all of these apply.'),
    mode: z.enum(['full', 'incremental', 'partitioned']).default('full').describe('How further syncs go; see README.'),
    partition: partition.optional().describe('For `partitioned`: how the rows are divided.'),
    types: z
      .record(z.string(), duckDbType)
      .optional()
      .describe('Column name to DuckDB type, where that of Keboola does not fit.'),
  })
  .refine(({ mode, partition: given }) => (mode === 'partitioned') === (given !== undefined), {
    path: ['partition'],
    error: 'belongs to the mode partitioned, and only to it',
  });

export type KeboolaSource = z.infer<typeof sourceConfig>;
export type KeboolaTable = z.infer<typeof tableOptions>;
export type WhereFilter = z.infer<typeof where>;
