import { scaleBand, scaleLinear, scalePoint, scaleUtc } from 'd3-scale';
import { extentOf, type ChartData, type ChartX } from './chart-data.ts';
import type { ChartForm } from './chart-choice.ts';

/** The room of a chart in pixels; the numbers of the y axis stand left of it, those of the x axis below. */
export interface ChartRoom {
  width: number;
  height: number;
}

interface Tick {
  offset: number;
  text: string;
}

/** Where values stand. */
export interface ChartScales {
  /** The middle of a place of the x axis. */
  xOf: (x: ChartX) => number;
  yOf: (value: number) => number;
  /** How wide all bars of one place are together. */
  bandWidth: number;
  xTicks: Tick[];
  yTicks: Tick[];
}

const xTickPixels = 90;
const longestTick = 14;
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

/** Chooses the scales for what is drawn: bars at even distances, lines over time and numbers where these lie. */
export function scalesFor(data: ChartData, { form, room }: { form: ChartForm; room: ChartRoom }): ChartScales {
  const y = scaleLinear().domain(extentOf(data, form)).nice(5).range([room.height, 0]);
  const isLarge = y.domain().some((end) => Math.abs(end) >= 10_000);
  const plain = y.tickFormat(5);
  const yTicks = y
    .ticks(5)
    .map((value) => ({ offset: y(value), text: isLarge ? compact.format(value) : plain(value) }));
  return { yOf: y, yTicks, ...xScale(data, { form, room }) };
}

function xScale(
  { xs, xKind }: ChartData,
  { form, room }: { form: ChartForm; room: ChartRoom },
): Pick<ChartScales, 'xOf' | 'xTicks' | 'bandWidth'> {
  const wanted = Math.max(2, Math.floor(room.width / xTickPixels));
  if (form === 'bar' || xKind === 'text') {
    const labels = xs.map(({ label }) => label);
    const band = scaleBand().domain(labels).range([0, room.width]).paddingInner(0.25).paddingOuter(0.15);
    const point = scalePoint().domain(labels).range([0, room.width]).padding(0.5);
    const xOf = ({ label }: ChartX): number =>
      form === 'bar' ? (band(label) ?? 0) + band.bandwidth() / 2 : (point(label) ?? 0);
    const step = Math.ceil(xs.length / wanted);
    const xTicks = xs
      .filter((_x, index) => index % step === 0)
      .map((x) => ({ offset: xOf(x), text: tickText(x.label, xKind) }));
    return { xOf, xTicks, bandWidth: band.bandwidth() };
  }
  const domain = [xs[0]?.position ?? 0, xs.at(-1)?.position ?? 1];
  const scale = xKind === 'time' ? scaleUtc().domain(domain) : scaleLinear().domain(domain);
  scale.range([0, room.width]);
  const format = scale.tickFormat(wanted) as (value: Date | number) => string;
  const ticks: (Date | number)[] = scale.ticks(wanted);
  return {
    xOf: ({ position }) => scale(position),
    xTicks: ticks.map((value) => ({ offset: scale(value), text: shortenMonth(format(value)) })),
    bandWidth: 0,
  };
}

/** The name of a month in three letters. */
function shortenMonth(text: string): string {
  return /^[A-Z][a-z]+$/.test(text) ? text.slice(0, 3) : text;
}

/** A day without its midnight; a long text cut. */
function tickText(label: string, kind: ChartData['xKind']): string {
  const text = kind === 'time' ? label.replace(/T00:00:00Z?$/, '') : label;
  return text.length > longestTick ? `${text.slice(0, longestTick - 1)}…` : text;
}
