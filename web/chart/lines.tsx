import { line } from 'd3-shape';
import styles from './chart.module.css';
import type { ChartData } from './chart-data.ts';
import type { ChartScales } from './chart-scales.ts';
import { formatNumber } from './describe-chart.ts';

/** More points than these would hide their line. */
const mostPoints = 80;

/** One line for each series, broken where it has no number. */
export function Lines({ data: { xs, series }, scales }: { data: ChartData; scales: ChartScales }) {
  const path = line<{ x: number; y: number | null }>()
    .defined(({ y }) => y !== null)
    .x(({ x }) => x)
    .y(({ y }) => scales.yOf(y ?? 0));
  return series.map(({ name, values }, at) => {
    const points = values.map((y, index) => ({ x: scales.xOf(xs[index]!), y, label: xs[index]!.label }));
    return (
      <g key={name} data-series={at} className={styles.line}>
        <path d={path(points) ?? ''} />
        {points.length <= mostPoints &&
          points.map(
            ({ x, y, label }) =>
              y !== null && (
                <circle key={label} cx={x} cy={scales.yOf(y)} r={3}>
                  <title>{`${label}${name === '' ? '' : `, ${name}`}: ${formatNumber(y)}`}</title>
                </circle>
              ),
          )}
      </g>
    );
  });
}
