import { nextTurn, schedule } from './schedule.ts';

/** Whether a text is a schedule, and when it would want something. */
export interface ScheduleCheck {
  /** What is wrong with the text, and what to write; null: it is a schedule. */
  readonly fault: string | null;
  /** The next instants that fit it; none when it is no schedule. */
  readonly dueTimes: readonly Date[];
}

/** Reads a text as `registerTable` reads a schedule, and reckons its next `limit` instants after `from`. */
export function checkSchedule(text: string, { from, limit }: { from: Date; limit: number }): ScheduleCheck {
  const parsed = schedule.safeParse(text);
  if (!parsed.success) return { fault: parsed.error.issues[0]!.message, dueTimes: [] };
  const dueTimes: Date[] = [];
  for (let at = from; dueTimes.length < limit; dueTimes.push(at)) at = nextTurn(parsed.data, at);
  return { fault: null, dueTimes };
}
