/** Milliseconds as people read them: `340 ms`, `3.2 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return joined([seconds / 60, 'min'], [seconds % 60, 's']);
  return joined([seconds / 3600, 'h'], [(seconds % 3600) / 60, 'min']);
}

function joined(...parts: [number, string][]): string {
  return parts
    .map(([value, unit], place) => ({ value: Math.floor(value), unit, place }))
    .filter(({ value, place }) => place === 0 || value > 0)
    .map(({ value, unit }) => `${value} ${unit}`)
    .join(' ');
}
