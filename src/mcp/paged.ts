import { fitting } from './answer.ts';
import { ToolFailure } from './tool-failure.ts';

/** Which part of a list is wanted. */
export interface Page {
  readonly offset?: number;
  readonly limit?: number;
}

/** The part of a list that fits into an answer, and what to say of the rest. */
export function pageOf<Item>(
  items: readonly Item[],
  { offset = 0, limit = items.length, room }: Page & { room?: number },
): { items: Item[]; facts: { total: number; offset: number; shown: number; cut: boolean; nextOffset: number | null } } {
  const wanted = items.slice(offset, offset + limit);
  const shown = fitting(wanted, room);
  if (shown.length === 0 && wanted.length > 0) {
    throw new ToolFailure('failed', `What stands at ${offset} is longer than an answer may be; go on behind it.`);
  }
  const next = offset + shown.length;
  const cut = next < items.length;
  return {
    items: shown,
    facts: { total: items.length, offset, shown: shown.length, cut, nextOffset: cut ? next : null },
  };
}
