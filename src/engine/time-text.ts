const secondsPerDay = 86_400n;
/** DuckDB's marks for the infinite ends of DATE and of every TIMESTAMP. */
const infiniteDays = 2 ** 31 - 1;
const infiniteUnits = 2n ** 63n - 1n;

/** An ISO 8601 date of days since 1970-01-01; years outside 0000–9999 carry a sign and at least six digits. */
export function formatDate(days: number): string {
  if (Math.abs(days) === infiniteDays) return days > 0 ? 'infinity' : '-infinity';
  const { year, month, day } = civilDate(days);
  return `${formatYear(year)}-${pad(month)}-${pad(day)}`;
}

/** An ISO 8601 date and time of `units` since 1970-01-01, of which `perSecond` make a second, with `zone` behind it. */
export function formatTimestamp(units: bigint, { perSecond, zone = '' }: { perSecond: bigint; zone?: string }): string {
  if (units === infiniteUnits) return 'infinity';
  if (units === -infiniteUnits) return '-infinity';
  const unitsPerDay = perSecond * secondsPerDay;
  const timeOfDay = ((units % unitsPerDay) + unitsPerDay) % unitsPerDay;
  const days = Number((units - timeOfDay) / unitsPerDay);
  return `${formatDate(days)}T${formatTime(timeOfDay, perSecond)}${zone}`;
}

/** An ISO 8601 time of day of `units` since midnight; midnight at the end of a day is `24:00:00`. */
export function formatTime(units: bigint, perSecond: bigint): string {
  const seconds = Number(units / perSecond);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(':');
  return clock + formatFraction(units % perSecond, perSecond);
}

/** An ISO 8601 time of day with its offset from UTC, as in `04:05:06+02:00`. */
export function formatTimeWithOffset(micros: bigint, offsetSeconds: number): string {
  const size = Math.abs(offsetSeconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  if (parts[2] === 0) parts.pop();
  return `${formatTime(micros, 1_000_000n)}${offsetSeconds < 0 ? '-' : '+'}${parts.map(pad).join(':')}`;
}

/** An ISO 8601 duration; each part keeps its own sign, as in `P1Y2M-3DT4H5M6.789S`, and nothing is `PT0S`. */
export function formatInterval(interval: { months: number; days: number; micros: bigint }): string {
  const date = part(Math.trunc(interval.months / 12), 'Y') + part(interval.months % 12, 'M') + part(interval.days, 'D');
  const size = interval.micros < 0n ? -interval.micros : interval.micros;
  const sign = interval.micros < 0n ? '-' : '';
  const wholeSeconds = size / 1_000_000n;
  const seconds = `${wholeSeconds % 60n}${formatFraction(size % 1_000_000n, 1_000_000n)}`;
  const time =
    part(wholeSeconds / 3600n, 'H', sign) +
    part((wholeSeconds / 60n) % 60n, 'M', sign) +
    (seconds === '0' ? '' : `${sign}${seconds}S`);
  if (!date && !time) return 'PT0S';
  return `P${date}${time && `T${time}`}`;
}

function part(amount: number | bigint, letter: string, sign = ''): string {
  return Number(amount) === 0 ? '' : `${sign}${amount}${letter}`;
}

function formatFraction(units: bigint, perSecond: bigint): string {
  if (units === 0n) return '';
  const digits = units.toString().padStart(perSecond.toString().length - 1, '0');
  return `.${digits.replace(/(000)+$/, '')}`;
}

function formatYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** The proleptic Gregorian date; the year before 1 is 0. Counts in eras of 400 years that begin in March. */
function civilDate(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
