import { extent } from 'd3-array';
import type { ResultRows } from '../results/documents.ts';
import { textOf } from '../results/value-text.ts';
import { columnKind, mostSeries, type ChartChoice, type ColumnKind } from './chart-choice.ts';

/** The most bars of one series; more would be thinner than can be seen. */
export const mostBars = 100;

/** A place on the x axis. */
export interface ChartX {
  /** The value, as text. */
  label: string;
  /** Milliseconds for a time, the number for a number, the rank for a text. */
  position: number;
}

export interface ChartSeries {
  name: string;
  /** One for each x; null where there is none. */
  values: readonly (number | null)[];
}

/** What a chart draws. */
export interface ChartData {
  xKind: ColumnKind;
  xs: readonly ChartX[];
  series: readonly ChartSeries[];
  /** Whether rows of the same place were added up. */
  added: boolean;
  /** How many places and series there are beyond what is drawn. */
  leftOut: { xs: number; series: number };
}

/** Puts rows into the order of the x axis, and rows of the same place together. */
export function readChartData({ columns, rows }: ResultRows, choice: ChartChoice): ChartData {
  const xKind = columnKind(columns[choice.x]?.type ?? '');
  const xs = new Map<string, ChartX>();
  const series = new Map<string, Map<string, number>>();
  let added = false;
  for (const row of rows) {
    const label = textOf(row[choice.x]) ?? 'NULL';
    const name = choice.split === null ? '' : (textOf(row[choice.split]) ?? 'NULL');
    const value = numberIn(row[choice.y]);
    const position = positionOf(label, xKind, xs.size);
    if (value === null || position === null) continue;
    if (!xs.has(label)) xs.set(label, { label, position });
    const values = series.get(name) ?? new Map<string, number>();
    series.set(name, values);
    added ||= values.has(label);
    values.set(label, (values.get(label) ?? 0) + value);
  }
  const inOrder = [...xs.values()].toSorted((one, other) => one.position - other.position);
  const drawn = choice.form === 'bar' ? inOrder.slice(0, mostBars) : inOrder;
  return {
    xKind,
    xs: drawn,
    series: [...series].slice(0, mostSeries).map(([name, values]) => ({
      name,
      values: drawn.map(({ label }) => values.get(label) ?? null),
    })),
    added,
    leftOut: { xs: inOrder.length - drawn.length, series: Math.max(0, series.size - mostSeries) },
  };
}

/** From where to where the numbers reach; bars stand on zero. */
export function extentOf({ series }: ChartData, form: ChartChoice['form']): [number, number] {
  const [least, most] = extent(form === 'bar' ? [0, ...numbersOf(series)] : numbersOf(series));
  if (least === undefined || most === undefined) return [0, 1];
  return least === most ? [Math.min(least, 0), Math.max(most, 0) || 1] : [least, most];
}

/** The numbers of all series. */
export function numbersOf(series: readonly ChartSeries[]): number[] {
  return series.flatMap(({ values }) => values.filter((value) => value !== null));
}

function numberIn(value: unknown): number | null {
  const text = textOf(value);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Null for what has no place, such as an infinite date. */
function positionOf(label: string, kind: ColumnKind, rank: number): number | null {
  if (kind === 'text') return rank;
  // A timestamp without zone is drawn as it reads, not as the reader's zone has it.
  const position =
    kind === 'time' ? Date.parse(/T.*(Z|[+-]\d\d:\d\d)$|^[^T]*$/.test(label) ? label : `${label}Z`) : Number(label);
  return Number.isFinite(position) ? position : null;
}
