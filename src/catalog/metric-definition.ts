import { z } from 'zod';
import type { MetricDefinition } from './metric.ts';

/** What a metric may measure. Besides those of our own files, what OpenMetadata calls its metrics. */
export const metricTypes = [
  'sum',
  'count',
  'count_distinct',
  'avg',
  'average',
  'ratio',
  'percentage',
  'min',
  'max',
  'median',
  'mode',
  'standard_deviation',
  'variance',
  'other',
] as const;

/** Over which time a metric is measured, in both ways of saying it. */
export const metricGrains = [
  'second',
  'minute',
  'hour',
  'hourly',
  'day',
  'daily',
  'week',
  'weekly',
  'month',
  'monthly',
  'quarter',
  'quarterly',
  'year',
  'yearly',
] as const;

const longestList = 200;
const longestText = 10_000;
const longestSql = 50_000;
const deepestValidation = 20;

const identifier = text(100).regex(
  /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
  'Use letters, digits, _, - and . only, and do not begin with - or a dot.',
);
const line = text(1000);
const list = z.array(line, 'This must be a list of texts.').max(longestList, `At most ${longestList} are kept.`);
const sql = text(longestSql).refine((value) => value.trim() !== '', 'Write the SELECT; it is blank.');

/** Checks what somebody wrote and completes it: `type` sum, `grain` monthly, the display name from the name. */
export const metricDefinition = z
  .strictObject({
    category: identifier,
    name: identifier,
    displayName: line.nullish(),
    type: oneOf(metricTypes).nullish(),
    unit: line.nullish(),
    description: text(longestText).nullish(),
    expression: text(longestText).nullish(),
    timeColumn: line.nullish(),
    grain: oneOf(metricGrains).nullish(),
    table: line.nullish(),
    tables: list.nullish(),
    dimensions: list.nullish(),
    filters: list.nullish(),
    synonyms: list.nullish(),
    notes: z
      .array(text(longestText), 'This must be a list of texts.')
      .max(longestList, `At most ${longestList} are kept.`)
      .nullish(),
    sql,
    sqlVariants: z
      .array(
        z.strictObject({
          name: text(64).regex(/^by_[A-Za-z0-9_]+$/, 'A variant is called by_ and letters, digits or _.'),
          sql,
        }),
      )
      .max(50, 'At most 50 variants are kept.')
      .refine((variants) => new Set(variants.map(({ name }) => name)).size === variants.length, {
        message: 'Two variants have the same name.',
      })
      .nullish(),
    validation: z.unknown().transform(readValidation).optional(),
  })
  .transform((given): MetricDefinition => ({
    category: given.category,
    name: given.name,
    displayName: given.displayName ?? given.name,
    type: given.type ?? 'sum',
    unit: given.unit ?? null,
    description: given.description ?? null,
    expression: given.expression ?? null,
    timeColumn: given.timeColumn ?? null,
    grain: given.grain ?? 'monthly',
    table: given.table ?? null,
    tables: given.tables ?? [],
    dimensions: given.dimensions ?? [],
    filters: given.filters ?? [],
    synonyms: given.synonyms ?? [],
    notes: given.notes ?? [],
    sql: given.sql,
    sqlVariants: (given.sqlVariants ?? []).toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    validation: given.validation ?? null,
  }));

// What neither PostgreSQL nor a file keeps: control characters but tab and newline, and halves of a character.
// oxlint-disable-next-line no-control-regex
const unkept = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff\ufffe\uffff]|\p{Surrogate}/u;

function text(longest: number) {
  return z
    .string({ error: ({ input }) => (input == null ? 'This is required.' : 'This must be text; put it in quotes.') })
    .max(longest, `This may have ${longest} characters at most.`)
    .overwrite((value) => value.replaceAll('\r\n', '\n'))
    .refine((value) => value !== '', 'This is empty; leave it out or write something.')
    .refine((value) => !unkept.test(value), 'This holds a character that cannot be kept; take control characters out.');
}

function oneOf<Word extends string>(words: readonly Word[]) {
  return z
    .string('This must be text.')
    .overwrite((value) => value.toLowerCase())
    .refine((value) => (words as readonly string[]).includes(value), `This must be one of ${words.join(', ')}.`);
}

function readValidation(value: unknown, context: z.RefinementCtx): Record<string, unknown> | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object' || Array.isArray(value)) context.addIssue('This must be a mapping.');
  else if (!isKept(value, 0)) {
    context.addIssue('This must be a mapping of plain values: texts, finite numbers, lists and mappings.');
  }
  return value as Record<string, unknown>;
}

function isKept(value: unknown, depth: number): boolean {
  if (depth > deepestValidation) return false;
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return !unkept.test(value);
  if (Array.isArray(value)) return value.every((item) => isKept(item, depth + 1));
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).every(([key, item]) => !unkept.test(key) && isKept(item, depth + 1));
}
