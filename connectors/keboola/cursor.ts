import { z } from 'zod';
import type { StorageTable } from './storage-shapes.ts';

/** What a sync remembers for the next one; all times are of Keboola’s clock. */
const cursorShape = z.object({
  /** What decides which columns and keys the rows have: when it changes, all rows are taken again. */
  shape: z.string(),
  /** Of the table when the export was asked for. */
  imported: z.string().nullable(),
  changed: z.string().nullable(),
  /** Whether a change after this would have another time. */
  settled: z.boolean(),
  partitions: z.array(z.string()).optional(),
});

export type Cursor = z.infer<typeof cursorShape>;

/** The cursor of the last sync; undefined when there is none, or none of ours. */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    return cursorShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const settlingSeconds = 5;

/** What to remember of a table that is about to be exported; `at` is the time of the stack. */
export function cursorOf(table: StorageTable, given: { shape: string; at: Date | null }): Cursor {
  const { lastImportDate = null, lastChangeDate = null } = table;
  const latest = Math.max(timeOf(lastImportDate), timeOf(lastChangeDate));
  const settled = given.at !== null && given.at.getTime() - latest > settlingSeconds * 1000;
  return { shape: given.shape, imported: lastImportDate, changed: lastChangeDate, settled };
}

/** Whether the rows are certainly those of the last sync. An alias does not tell when its table changed. */
export function isUnchanged(table: StorageTable, before: Cursor): boolean {
  if (table.isAlias === true || !before.settled || before.changed === null) return false;
  return before.changed === (table.lastChangeDate ?? null) && before.imported === (table.lastImportDate ?? null);
}

/** From when rows are new, in Unix seconds: the earlier of the times that the table told then; undefined when it told none. */
export function changedSince(before: Cursor): number | undefined {
  const times = [before.imported, before.changed].filter((time) => time !== null).map(timeOf);
  return times.length === 0 ? undefined : Math.floor(Math.min(...times) / 1000);
}

function timeOf(text: string | null): number {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? 0 : time;
}
