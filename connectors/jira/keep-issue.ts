import type { Attachments } from './attachments.ts';
import type { RawIssue } from './issue.ts';
import type { MonthIndex } from './month-index.ts';
import type { RawStore } from './raw-store.ts';

/** Where issues are kept. */
export interface Keeping {
  readonly store: RawStore;
  readonly index: MonthIndex;
  /** Null: no copies of attachments are kept. */
  readonly attachments: Attachments | null;
}

/** Keeps the present state of an issue. Resolves to whether anything of it is new; what has not changed is left as it is. */
export async function keepIssue({ store, index, attachments }: Keeping, fetched: RawIssue): Promise<boolean> {
  const known = index.get(fetched.id);
  const before = await store.read(known?.key ?? fetched.key);
  const copies = attachments
    ? await attachments.bringUpToDate(fetched, before?._attachments ?? {})
    : before?._attachments;
  const issue: RawIssue = {
    ...withoutMarks(fetched),
    ...(copies && Object.keys(copies).length > 0 && { _attachments: copies }),
  };
  if (known?.key === issue.key && before && isSame(before, issue)) return false;
  const digest = await store.write({ ...issue, _synced_at: new Date().toISOString() });
  index.put(issue, digest);
  if (before && before.key !== issue.key) await store.remove(before.key);
  return true;
}

/** Takes an issue out of the tables and marks its file; one that was never seen changes nothing. */
export async function dropIssue({ store, index, attachments }: Keeping, id: string): Promise<boolean> {
  const known = index.get(id);
  if (!known) return false;
  const before = await store.read(known.key);
  if (before)
    await store.write({
      ...withoutMarks(before),
      _synced_at: before._synced_at,
      _deleted_at: new Date().toISOString(),
    });
  await attachments?.removeAll(known.key);
  index.remove(id);
  return true;
}

function withoutMarks({ _synced_at: _at, _deleted_at: _gone, _attachments: _copies, ...issue }: RawIssue): RawIssue {
  return issue;
}

function isSame(before: RawIssue, issue: RawIssue): boolean {
  const { _synced_at: _at, ...kept } = before;
  return canonical(kept) === canonical(issue);
}

/** JSON whose keys have one order: Jira does not promise one. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
