import styles from './chart.module.css';
import type { ChartForm } from './chart-choice.ts';
import type { ChartSeries } from './chart-data.ts';

interface ChartLegendProps {
  series: readonly ChartSeries[];
  form: ChartForm;
}

/** Which colour is which series. */
export function ChartLegend({ series, form }: ChartLegendProps) {
  return (
    <ul className={styles.legend} aria-label="Series">
      {series.map(({ name }, at) => (
        <li key={name}>
          <svg
            width="18"
            height="10"
            aria-hidden="true"
            data-series={at}
            className={styles[form === 'bar' ? 'bars' : 'line']}
          >
            {form === 'bar' ? <rect width="18" height="10" rx="2" /> : <path d="M0 5h18" />}
          </svg>
          <bdi title={name}>{name}</bdi>
        </li>
      ))}
    </ul>
  );
}
