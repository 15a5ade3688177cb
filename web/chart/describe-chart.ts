import { extent } from 'd3-array';
import { formatCount } from '../format.ts';
import type { ChartForm } from './chart-choice.ts';
import { numbersOf, type ChartData } from './chart-data.ts';

/** The names of the columns that are drawn. */
export interface ChartNames {
  x: string;
  y: string;
  split: string | null;
}

const numbers = new Intl.NumberFormat('en', { maximumSignificantDigits: 15 });

/** A number with thousands separated and every digit that a drawn number has. */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** What the picture shows, in one sentence. */
export function describeChart(data: ChartData, { form, names }: { form: ChartForm; names: ChartNames }): string {
  const { xs, series } = data;
  const [least, most] = extent(numbersOf(series));
  if (least === undefined) return `${names.y} over ${names.x}: there is no number to draw.`;
  const split = names.split === null ? '' : `, split by ${names.split} into ${series.length}`;
  return (
    `${form === 'bar' ? 'Bars' : 'Lines'} of ${names.y} over ${names.x}${split}: from ${xs[0]?.label} to ${xs.at(-1)?.label}, ` +
    `between ${formatNumber(least)} and ${formatNumber(most)}. The table below has the numbers.`
  );
}

/** What a reader has to know of how the rows were drawn; empty when they were drawn as they are. */
export function describeLeftOut({ added, leftOut, xs, series }: ChartData, { x, split }: ChartNames): string[] {
  return [
    added && `Rows with the same ${split === null ? x : `${x} and ${split}`} are added up.`,
    leftOut.xs > 0 && `Only the first ${xs.length} of ${formatCount(String(xs.length + leftOut.xs))} places are drawn.`,
    leftOut.series > 0 &&
      `Only the first ${series.length} of ${series.length + leftOut.series} values of ${split} are drawn.`,
  ].filter((sentence) => sentence !== false);
}
