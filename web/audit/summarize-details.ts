const longest = 200;
const id = /^([A-Za-z]+:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What details tell at a glance: names and plain values, without ids and what is nested; empty where there is nothing. */
export function summarizeDetails(details: unknown): string {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return '';
  const told = Object.entries(details as Record<string, unknown>).flatMap(([name, value]) =>
    isTold(value) ? [`${name} ${value}`] : [],
  );
  return told.join(' · ').slice(0, longest);
}

function isTold(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return value !== '' && !id.test(value);
  return typeof value === 'number' || typeof value === 'boolean';
}
