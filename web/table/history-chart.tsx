import { max } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import { useId } from 'react';
import { RelativeTime } from '../relative-time.tsx';
import { formatDuration } from '../duration.ts';
import { stateNames, type HistoryEntry } from './history-entries.ts';
import styles from './table.module.css';

const size = { width: 720, height: 96 };
const widestBar = 22;
const smallestBar = 3;

/** A bar for each run, as high as it took long; one that failed is marked, and not by its colour alone. The oldest comes first. */
export function HistoryChart({ entries }: { entries: readonly HistoryEntry[] }) {
  const titleId = useId();
  const longest = max(entries, ({ duration }) => duration) ?? 0;
  const across = scaleBand()
    .domain(entries.map(({ id }) => id))
    .range([0, size.width])
    .paddingInner(0.2);
  const width = Math.min(across.bandwidth(), widestBar);
  const up = scaleLinear()
    .domain([0, Math.max(1, longest)])
    .range([smallestBar, size.height - 14]);
  const [oldest, newest] = [entries[0], entries.at(-1)];
  return (
    <figure className={styles.chart}>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{describe(entries, longest)}</title>
        <line className={styles.axis} x1={0} x2={size.width} y1={size.height - 0.5} y2={size.height - 0.5} />
        {entries.map((entry) => {
          const middle = (across(entry.id) ?? 0) + across.bandwidth() / 2;
          const height = up(entry.duration ?? 0);
          const top = size.height - height;
          return (
            <g key={entry.id} data-state={entry.state} className={styles.bar}>
              <title>{`${stateNames[entry.state]}${entry.duration === null ? '' : `, ${formatDuration(entry.duration)}`}`}</title>
              <rect x={middle - width / 2} y={top} width={width} height={height} rx={1.5} />
              {entry.state === 'FAILED' && (
                <path d={`M${middle - 3} ${top - 10}l6 6m0 -6l-6 6`} className={styles.cross} />
              )}
            </g>
          );
        })}
      </svg>
      <figcaption className={styles.caption}>
        <span>{oldest && <RelativeTime moment={oldest.at} />}</span>
        <span>the longest took {formatDuration(longest)}</span>
        <span>{newest && <RelativeTime moment={newest.at} />}</span>
      </figcaption>
    </figure>
  );
}

function describe(entries: readonly HistoryEntry[], longest: number): string {
  const failed = entries.filter(({ state }) => state === 'FAILED').length;
  const count = entries.length === 1 ? 'The last sync' : `The last ${entries.length} syncs`;
  return `${count}, the oldest first: ${failed === 0 ? 'none' : failed} failed, the longest took ${formatDuration(longest)}.`;
}
