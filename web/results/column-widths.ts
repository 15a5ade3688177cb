import type { ResultRows } from './documents.ts';
import { textOf } from './value-text.ts';

const sampledRows = 200;
const characterPixels = 8.2;
const paddingPixels = 30;
const narrowestPixels = 72;
const widestPixels = 320;

/** How wide each column is to be, in pixels, by its name, its type and its first values. */
export function columnWidths({ columns, rows }: ResultRows): number[] {
  const sample = rows.slice(0, sampledRows);
  return columns.map(({ name, type }, index) => {
    const lengths = sample.map((row) => textOf(row[index])?.length ?? 4);
    const longest = lengths.reduce((most, length) => Math.max(most, length), Math.max(name.length, type.length * 0.85));
    return Math.round(Math.min(Math.max(longest * characterPixels + paddingPixels, narrowestPixels), widestPixels));
  });
}
