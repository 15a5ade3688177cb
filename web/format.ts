const counts = new Intl.NumberFormat('en');
const sizes = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const exactTimes = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long' });
const relativeTimes = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const timeUnits = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A whole number of any size with thousands separated: `1,234,567`. */
export function formatCount(count: string): string {
  return counts.format(BigInt(count));
}

/** A number of bytes in decimal units, three digits: `1.23 MB`. */
export function formatBytes(bytes: string): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < sizeUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${sizes.format(value)} ${sizeUnits[unit]}`;
}

/** A moment as people say it: `just now`, `5 minutes ago`, `yesterday`. */
export function formatRelativeTime(moment: Date, now: Date): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  const fitting = timeUnits.find(([, length]) => Math.abs(seconds) >= length);
  if (!fitting) return 'just now';
  const [unit, length] = fitting;
  return relativeTimes.format(Math.trunc(seconds / length), unit);
}

/** A moment to the second, in the reader's time zone, with the zone's name. */
export function formatExactTime(moment: Date): string {
  return exactTimes.format(moment);
}
