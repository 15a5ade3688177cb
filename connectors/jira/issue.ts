/** An issue as it is kept: what the REST API answers, all pages of comments and changelog in it, and marks of ours. */
export interface RawIssue {
  id: string;
  key: string;
  fields: Record<string, unknown>;
  changelog?: { histories?: unknown[] };
  /** What `remotelink` answers; left out: never asked. */
  _remote_links?: unknown[];
  /** Where copies of attachments lie below the folder of the source, by their ids. */
  _attachments?: Record<string, string>;
  /** When it was last found changed, RFC 3339. */
  _synced_at?: string;
  /** When it was found gone: no table has it. */
  _deleted_at?: string;
}

/** Whether a text has the shape of an issue's key, so that it may stand in a path. */
export function isIssueKey(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,99}-[1-9]\d{0,14}$/.test(text);
}

/** The key of the project that an issue is in. */
export function projectOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/** The instant that a time of Jira names, whatever its offset; null when it names none. */
export function instantOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const at = new Date(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The month in UTC in which an issue was created, `YYYY-MM`; `undated` when it does not say. */
export function monthOf(issue: RawIssue): string {
  return instantOf(issue.fields['created'])?.toISOString().slice(0, 7) ?? 'undated';
}

/** Whether this is an issue that can be kept: it has an id, a key that may be a file's name, and fields. */
export function isIssue(value: unknown): value is RawIssue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { id, key, fields } = value as Record<string, unknown>;
  return (
    typeof id === 'string' && /^\d{1,19}$/.test(id) && typeof key === 'string' && isIssueKey(key) && isRecord(fields)
  );
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none when it is no list. */
export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
