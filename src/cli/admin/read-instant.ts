import { wrongUsage } from '../failure.ts';

const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/i;

/** An instant of the command line as the server takes it; a date alone is its beginning in UTC. Undefined when none is given. */
export function readInstant(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (instant.test(text) && !Number.isNaN(date.getTime())) return date.toISOString();
  throw wrongUsage(`${option} takes an instant with its zone, such as 2031-01-31T09:00:00Z, or a date.`);
}
