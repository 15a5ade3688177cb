import { useElementSize } from '@mantine/hooks';
import { scaleTime } from 'd3-scale';
import { useId } from 'react';
import { formatExactTime } from '../format.ts';
import { formatDuration } from '../duration.ts';
import styles from './timeline.module.css';
import type { Lane, Lanes } from './timeline-lanes.ts';
import { runStateNames } from './run-states.ts';

const laneHeight = 32;
const axisHeight = 28;
const labelWidth = 150;
const leastWidth = 720;
const longestLabel = 20;
const hourFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayFormat = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short' });

type Scale = (moment: Date) => number;

/** Runs as bars and due times as rings, a lane for each source, around the present. */
export function TimelineChart({ lanes: { lanes, from, to, knownFrom }, now }: { lanes: Lanes; now: Date }) {
  const { ref, width: measured } = useElementSize();
  const titleId = useId();
  const width = Math.max(leastWidth, measured);
  const height = axisHeight + lanes.length * laneHeight + 8;
  const time = scaleTime([from, to], [labelWidth, width - 16]);
  const x: Scale = (moment) => time(moment);
  return (
    <div ref={ref} className={styles.chart} role="region" aria-label="Timeline" tabIndex={0}>
      <svg width={width} height={height} role="img" aria-labelledby={titleId}>
        <title id={titleId}>
          Sync runs of the last 24 hours and due times of the next 24; the table below tells them.
        </title>
        {knownFrom > from && (
          <rect className={styles.unknown} x={x(from)} y={axisHeight} width={x(knownFrom) - x(from)} height={height} />
        )}
        {time.ticks(Math.floor((width - labelWidth) / 90)).map((tick) => (
          <g key={tick.getTime()} transform={`translate(${x(tick)} 0)`}>
            <line className={styles.grid} y1={axisHeight - 6} y2={height} />
            <text className={styles.tick} y={axisHeight - 12} textAnchor="middle">
              {tick.getHours() === 0 && tick.getMinutes() === 0 ? dayFormat.format(tick) : hourFormat.format(tick)}
            </text>
          </g>
        ))}
        {lanes.map((lane, place) => (
          <g key={lane.source} transform={`translate(0 ${axisHeight + place * laneHeight})`}>
            <line className={styles.grid} x2={width} y1={laneHeight} y2={laneHeight} />
            <text className={styles.label} x={12} y={laneHeight / 2 + 5}>
              {shorten(lane.source)}
              <title>{lane.source}</title>
            </text>
            <LaneMarks lane={lane} x={x} />
          </g>
        ))}
        <line className={styles.now} x1={x(now)} x2={x(now)} y1={axisHeight - 6} y2={height} />
      </svg>
      <Legend />
    </div>
  );
}

function LaneMarks({ lane: { runs, dues }, x }: { lane: Lane; x: Scale }) {
  const middle = laneHeight / 2;
  return (
    <>
      <path className={styles.due} d={dues.map(({ at }) => ring(x(at), middle)).join('')} />
      {runs.map(({ id, state, from, to }) => {
        // A run that was short is still seen, and does not reach into what is to come.
        const start = Math.max(labelWidth, Math.min(x(from), x(to) - 3));
        const tall = state === 'FAILED' || state === 'PARTIAL' ? 20 : 12;
        return (
          <rect
            key={id}
            className={styles.run}
            data-state={state}
            x={start}
            y={middle - tall / 2}
            width={Math.max(3, x(to) - start)}
            height={tall}
            rx={1.5}
          >
            <title>
              {`${runStateNames[state]}: ${formatExactTime(from)}, ${formatDuration(to.getTime() - from.getTime())}`}
            </title>
          </rect>
        );
      })}
    </>
  );
}

function Legend() {
  return (
    <ul className={styles.legend} aria-hidden="true">
      <li data-mark="SUCCEEDED">OK</li>
      <li data-mark="FAILED">Failed, also partly</li>
      <li data-mark="RUNNING">On its way</li>
      <li data-mark="CANCELLED">Cancelled</li>
      <li data-mark="due">Due</li>
      <li data-mark="now">Now</li>
    </ul>
  );
}

function ring(x: number, y: number): string {
  return `M${(x - 3.5).toFixed(1)} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`;
}

function shorten(name: string): string {
  return name.length > longestLabel ? `${name.slice(0, longestLabel - 1)}…` : name;
}
