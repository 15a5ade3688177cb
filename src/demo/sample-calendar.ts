import type { SampleRandom } from './sample-random.ts';

/** The sample's days are counted from 2025-01-01, day 0, to 2026-06-30. */
const firstDay = Date.UTC(2025, 0, 1);
const dayMs = 86_400_000;

export const lastDay = (Date.UTC(2026, 5, 30) - firstDay) / dayMs;

/** The first day of each month of the sample. */
export const firstDaysOfMonths: readonly number[] = Array.from(
  { length: 18 },
  (_, month) => (Date.UTC(2025, month, 1) - firstDay) / dayMs,
);

/** `2025-01-31`; a day before the sample is negative. */
export function dateText(day: number): string {
  return new Date(firstDay + day * dayMs).toISOString().slice(0, 10);
}

/** `2025-01-31 10:00:00`, in UTC. */
export function timeText(day: number, second: number): string {
  return new Date(firstDay + day * dayMs + second * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

const seasons = [0.8, 0.82, 0.95, 0.97, 1, 0.98, 0.85, 0.82, 1.02, 1.1, 1.35, 1.45];
const weekdays = [0.55, 1.1, 1.15, 1.15, 1.1, 1.05, 0.7];

/** How busy a day is, around 1: by month, by weekday, and growing by half over the sample. */
export function activity(day: number): number {
  const date = new Date(firstDay + day * dayMs);
  const season = seasons[date.getUTCMonth()] ?? 1;
  const weekday = weekdays[date.getUTCDay()] ?? 1;
  return season * weekday * (1 + (0.5 * day) / lastDay);
}

/** A day from `from` to the last, busy ones more often. */
export function busyDay(random: SampleRandom, from = 0): number {
  for (;;) {
    const day = random.integer(Math.max(0, from), lastDay);
    if (random.chance(activity(day) / 2.6)) return day;
  }
}

/** A second of the day, mostly in working hours. */
export function busySecond(random: SampleRandom): number {
  const hour = random.chance(0.85) ? random.integer(8, 18) : random.integer(0, 23);
  return hour * 3600 + random.integer(0, 3599);
}
