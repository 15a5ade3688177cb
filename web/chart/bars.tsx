import styles from './chart.module.css';
import type { ChartData } from './chart-data.ts';
import type { ChartScales } from './chart-scales.ts';
import { formatNumber } from './describe-chart.ts';

/** Bars on zero; those of several series stand side by side. */
export function Bars({ data: { xs, series }, scales }: { data: ChartData; scales: ChartScales }) {
  const width = scales.bandWidth / Math.max(series.length, 1);
  const zero = scales.yOf(0);
  return series.map(({ name, values }, at) => (
    <g key={name} data-series={at} className={styles.bars}>
      {values.map((value, index) => {
        const x = xs[index];
        if (value === null || !x) return null;
        const top = scales.yOf(value);
        return (
          <rect
            key={x.label}
            x={scales.xOf(x) - scales.bandWidth / 2 + at * width}
            y={Math.min(top, zero)}
            width={Math.max(width - 1, 0.5)}
            height={Math.max(Math.abs(zero - top), 0.5)}
          >
            <title>{`${x.label}${name === '' ? '' : `, ${name}`}: ${formatNumber(value)}`}</title>
          </rect>
        );
      })}
    </g>
  ));
}
