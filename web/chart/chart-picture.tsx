import { useId, useMemo } from 'react';
import { Bars } from './bars.tsx';
import styles from './chart.module.css';
import type { ChartForm } from './chart-choice.ts';
import type { ChartData } from './chart-data.ts';
import { scalesFor, type ChartScales } from './chart-scales.ts';
import { describeChart, type ChartNames } from './describe-chart.ts';
import { Lines } from './lines.tsx';

const height = 300;
const margin = { top: 28, right: 16, bottom: 44, left: 56 };

interface ChartPictureProps {
  data: ChartData;
  form: ChartForm;
  names: ChartNames;
  /** In pixels. */
  width: number;
}

/** The picture; for who does not see it, a sentence that tells what it shows. */
export function ChartPicture({ data, form, names, width }: ChartPictureProps) {
  const titleId = useId();
  const room = useMemo(
    () => ({
      width: Math.max(width - margin.left - margin.right, 1),
      height: height - margin.top - margin.bottom,
    }),
    [width],
  );
  const scales = useMemo(() => scalesFor(data, { form, room }), [data, form, room]);
  return (
    <svg role="img" aria-labelledby={titleId} width={width} height={height} className={styles.svg}>
      <title id={titleId}>{describeChart(data, { form, names })}</title>
      <text x={0} y={14} className={styles.axisName}>
        {cut(names.y)}
      </text>
      <g transform={`translate(${margin.left} ${margin.top})`}>
        <Axes scales={scales} room={room} />
        {form === 'bar' ? <Bars data={data} scales={scales} /> : <Lines data={data} scales={scales} />}
      </g>
      <text x={width - margin.right} y={height - 4} textAnchor="end" className={styles.axisName}>
        {cut(names.x)}
      </text>
    </svg>
  );
}

function Axes({ scales, room }: { scales: ChartScales; room: { width: number; height: number } }) {
  return (
    <>
      {scales.yTicks.map(({ offset, text }) => (
        <g key={text} transform={`translate(0 ${offset})`}>
          <line x2={room.width} className={styles.grid} />
          <text x={-8} dy="0.32em" textAnchor="end" className={styles.tick}>
            {text}
          </text>
        </g>
      ))}
      {scales.xTicks.map(({ offset, text }) => (
        <text key={offset} x={offset} y={room.height + 18} textAnchor="middle" className={styles.tick}>
          {text}
        </text>
      ))}
    </>
  );
}

function cut(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}
