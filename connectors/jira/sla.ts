import type { JiraSource } from './config.ts';
import { isRecord } from './issue.ts';

/** The ids of the fields of the kind `sla`. */
export function slaFieldsOf({ customFields }: Pick<JiraSource, 'customFields'>): string[] {
  return customFields.filter(({ kind }) => kind === 'sla').map(({ field }) => field);
}

/** Puts what another account sees in these fields into `into`; an answer without a value leaves what is there. */
export function overlaySla(
  into: Record<string, unknown>,
  { fields, from }: { fields: readonly string[]; from: Record<string, unknown> },
): void {
  for (const field of fields) if (isSla(from[field])) into[field] = from[field];
}

/** Whether a value is one of an agreement: an account without a licence gets an error instead. */
export function isSla(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) && value['errorMessage'] === undefined && ('ongoingCycle' in value || 'completedCycles' in value)
  );
}
