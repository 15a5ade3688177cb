import { z } from 'zod';
import { farthestRow, mostRows, usualRows } from './rows-answer.ts';
import { ToolFailure } from './tool-failure.ts';

const longestName = 1_000;

export const tableName = z
  .string()
  .min(1)
  .max(longestName)
  .describe('The SQL name of the table, such as shop.orders, or its alias.');

export const metricName = z.string().min(1).max(longestName).describe('The metric, as category/name.');

/** Of a list that may be longer than an answer. */
export const listPage = {
  offset: z.number().int().min(0).optional().describe('How many to leave out: nextOffset of the answer before.'),
};

/** Of rows. */
export const rowWindow = {
  limit: z.number().int().min(1).max(mostRows).optional().describe(`How many rows at most; ${usualRows} unless given.`),
  offset: z
    .number()
    .int()
    .min(0)
    .max(farthestRow - 1)
    .optional()
    .describe('How many rows to leave out: nextOffset of the answer before, of a statement that ends with ORDER BY.'),
};

/** The failure of a table that is not there for the caller, whether it exists or not. */
export function noSuchTable(): ToolFailure {
  return new ToolFailure(
    'notFound',
    'There is no table of this name that you may read; list_tables shows those that you may. Access is given by an administrator.',
  );
}

/** The failure of a metric that is not there for the caller, whether it exists or not. */
export function noSuchMetric(): ToolFailure {
  return new ToolFailure(
    'notFound',
    'There is no metric of this name that you may see; list_metrics shows those that you may.',
  );
}
