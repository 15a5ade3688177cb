import { Cron } from 'croner';
import { z } from 'zod';

const minute = 60_000;
const largestInterval = { m: 43_200, h: 720 } as const;

const grammar =
  'Write every 15m, every 2h, daily 07:00,19:30 (UTC), or five cron fields such as 0 7 * * 1-5 (UTC); the longest interval is 30 days.';

/** When a table is due: a text that `nextTurn` understands and that some instant fits. */
export const schedule = z
  .string()
  .trim()
  .refine((text) => reader(text) !== null, {
    error: ({ input }) => `${JSON.stringify(input)} is no schedule. ${grammar}`,
  });

/** The first instant after `from` that fits a schedule which `schedule` has accepted. An interval is counted from `from`. */
export function nextTurn(text: string, from: Date): Date {
  const next = reader(text)?.(from);
  if (!next) throw new Error(`the stored schedule ${JSON.stringify(text)} is none`);
  return next;
}

type NextAfter = (from: Date) => Date;

/** How to reckon with this text, or null when it is no schedule. */
function reader(text: string): NextAfter | null {
  return readInterval(text) ?? readDaily(text) ?? readCron(text);
}

function readInterval(text: string): NextAfter | null {
  const [, digits, unit] = /^every ([1-9][0-9]{0,4})([mh])$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const count = Number(digits);
  if (count > largestInterval[unit as 'm' | 'h']) return null;
  const length = count * (unit === 'h' ? 60 : 1) * minute;
  return (from) => new Date(from.getTime() + length);
}

function readDaily(text: string): NextAfter | null {
  const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
  const [, list] = new RegExp(`^daily (${time}(?:,${time})*)$`).exec(text) ?? [];
  if (list === undefined) return null;
  const minutesOfDay = list
    .split(',')
    .map((entry) => Number(entry.slice(0, 2)) * 60 + Number(entry.slice(3)))
    .toSorted((a, b) => a - b);
  return (from) => {
    const day = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate());
    const today = minutesOfDay.map((minutes) => day + minutes * minute);
    const tomorrow = today[0]! + 24 * 60 * minute;
    return new Date(today.find((instant) => instant > from.getTime()) ?? tomorrow);
  };
}

function readCron(text: string): NextAfter | null {
  if (text.split(/ +/).length !== 5) return null;
  try {
    const cron = new Cron(text, { paused: true, timezone: 'UTC', mode: '5-part' });
    return cron.nextRun() ? (from) => cron.nextRun(from)! : null;
  } catch {
    return null;
  }
}
