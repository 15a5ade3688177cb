const longestSeconds = 300;

/** How long to wait after the failed attempt `attempt` (from 1): what the service asks for, or longer each time. */
export function pauseAfter(attempt: number, response?: Response): number {
  const asked = response?.headers.get('retry-after');
  const seconds = asked === null || asked === undefined ? Number.NaN : secondsOf(asked);
  if (Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0), longestSeconds);
  return Math.min(0.5 * 2 ** (attempt - 1), 20);
}

/** `Retry-After` is a number of seconds or a date. */
function secondsOf(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
}
