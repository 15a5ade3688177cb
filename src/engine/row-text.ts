/** A JSON value as text that loses nothing: lists and objects as JSON. Null has no text. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as string | number | boolean);
}

/** One line of RFC 4180 with its end. Null is an empty field, an empty text is `""`. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => csvField(textOf(value))).join(',')}\r\n`;
}

function csvField(text: string | null): string {
  if (text === null) return '';
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The keys of objects with these fields, as JSON. Names that occur again get a number, so that no value is lost: `id`, `id_2`. */
export function objectKeys(names: readonly string[]): string[] {
  return distinct(names).map((name) => JSON.stringify(name));
}

/** One JSON object, written by hand, so that keys such as `1` and `__proto__` stay, in the order of the columns. */
export function objectText(keys: readonly string[], row: readonly unknown[]): string {
  return `{${keys.map((key, index) => `${key}:${JSON.stringify(row[index] ?? null)}`).join(',')}}`;
}

function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let key = name;
    for (let count = 2; seen.has(key) || (key !== name && taken.has(key)); count += 1) key = `${name}_${count}`;
    seen.add(key);
    return key;
  });
}
