/** Which events to show; all that is named has to fit. */
export interface AuditFilter {
  actor?: string;
  /** How the action begins. */
  action?: string;
  resource?: string;
  /** RFC 3339. */
  since?: string;
  /** RFC 3339; exclusive. */
  until?: string;
}

/** The arguments of the query that mean the filter. */
export function filterVariables({ actor, action, resource, since, until }: AuditFilter) {
  return {
    actor: actor ?? null,
    actionPrefix: action ?? null,
    resource: resource ?? null,
    since: momentOf(since),
    until: momentOf(until),
  };
}

function momentOf(text: string | undefined): string | null {
  return text === undefined ? null : new Date(text).toISOString();
}

/** What an input of a local date and time shows for a moment; to the second. */
export function toLocalInput(moment: string | undefined): string {
  if (moment === undefined) return '';
  const date = new Date(moment);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, date.getSeconds() === 0 ? 16 : 19);
}

/** The moment that an input of a local date and time means; undefined where it is empty. */
export function fromLocalInput(text: string): string | undefined {
  return text === '' ? undefined : new Date(text).toISOString();
}
