import { plainText } from './adf.ts';
import type { CustomField, FieldKind } from './config.ts';
import { instantOf, isRecord, records } from './issue.ts';
import { isSla } from './sla.ts';

export type ColumnType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'DATE' | 'TIMESTAMPTZ';
type Value = string | number | boolean | null;

/** One column that a field makes. */
interface FieldColumn {
  /** Stands behind the name of the column. */
  suffix: string;
  type: ColumnType;
  read(value: unknown): Value;
}

function plain(type: ColumnType, read: (value: unknown) => Value): FieldColumn[] {
  return [{ suffix: '', type, read }];
}

const columnsOfKind: Record<FieldKind, FieldColumn[]> = {
  text: plain('VARCHAR', (value) => (value === null || value === undefined ? null : plainOrJson(value))),
  number: plain('DOUBLE', (value) => (typeof value === 'number' ? value : null)),
  integer: plain('BIGINT', wholeNumber),
  boolean: plain('BOOLEAN', (value) => (typeof value === 'boolean' ? value : null)),
  option: plain('VARCHAR', optionName),
  options: plain('VARCHAR', (value) => (Array.isArray(value) ? JSON.stringify(value.map(optionName)) : null)),
  user: plain('VARCHAR', userName),
  users: plain('VARCHAR', (value) => (Array.isArray(value) ? JSON.stringify(value.map(userName)) : null)),
  date: plain('DATE', (value) => (typeof value === 'string' && isDate(value) ? value.slice(0, 10) : null)),
  timestamp: plain('TIMESTAMPTZ', (value) => timeText(value)),
  adf: plain('VARCHAR', (value) => plainText(value) || null),
  json: plain('VARCHAR', (value) => (value === null || value === undefined ? null : JSON.stringify(value))),
  requestType: plain('VARCHAR', (value) => textIn(within(value, 'requestType'), 'name')),
  requestStatus: plain('VARCHAR', (value) => textIn(within(value, 'currentStatus'), 'status')),
  satisfaction: plain('BIGINT', (value) => wholeNumber(within(value, 'rating'))),
  sla: [
    { suffix: '_breached', type: 'VARCHAR', read: breached },
    {
      suffix: '_goal_millis',
      type: 'BIGINT',
      read: (value) => wholeNumber(within(cycleOf(value)?.['goalDuration'], 'millis')),
    },
    {
      suffix: '_elapsed_millis',
      type: 'BIGINT',
      read: (value) => wholeNumber(within(cycleOf(value)?.['elapsedTime'], 'millis')),
    },
  ],
};

/** The names and types of the columns that this field makes. */
export function columnsOf({ column, kind }: CustomField): [string, ColumnType][] {
  return columnsOfKind[kind].map(({ suffix, type }) => [`${column}${suffix}`, type]);
}

/** Their values in one issue. A value of another shape than the kind says is NULL. */
export function valuesOf({ column, kind, field }: CustomField, fields: Record<string, unknown>): Record<string, Value> {
  return Object.fromEntries(columnsOfKind[kind].map(({ suffix, read }) => [`${column}${suffix}`, read(fields[field])]));
}

/** The instant as RFC 3339 in UTC; null when the value names none. */
export function timeText(value: unknown): string | null {
  return instantOf(value)?.toISOString() ?? null;
}

/** The text at `key` of an object; null when there is none. */
export function textIn(value: unknown, key: string): string | null {
  const text = within(value, key);
  return typeof text === 'string' ? text : null;
}

/** A whole number that a BIGINT holds; null for anything else. */
export function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

function within(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function optionName(value: unknown): string | null {
  if (isRecord(value)) return textIn(value, 'value') ?? textIn(value, 'name');
  return value === null || value === undefined ? null : plainOrJson(value);
}

function userName(value: unknown): string | null {
  return textIn(value, 'emailAddress') ?? textIn(value, 'displayName');
}

function plainOrJson(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) && value['type'] === 'doc' ? plainText(value) : JSON.stringify(value);
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}($|T)/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)));
}

function cycleOf(value: unknown): Record<string, unknown> | null {
  if (!isSla(value)) return null;
  if (isRecord(value['ongoingCycle'])) return value['ongoingCycle'];
  return records(value['completedCycles']).at(-1) ?? null;
}

function breached(value: unknown): string | null {
  const said = cycleOf(value)?.['breached'];
  return typeof said === 'boolean' ? (said ? 'True' : 'False') : null;
}
