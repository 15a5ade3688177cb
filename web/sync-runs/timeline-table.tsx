import { Link } from '@tanstack/react-router';
import { formatExactTime } from '../format.ts';
import { isOpen } from './run-states.ts';
import runStyles from './sync-runs.module.css';
import styles from './timeline.module.css';
import type { Due, Lane } from './timeline-lanes.ts';
import { WideTable } from '../wide-table.tsx';

const duesTold = 4;
const shortTimes = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** What the timeline draws, in words. */
export function TimelineTable({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <WideTable label="The timeline in words" className={`${runStyles.list} ${styles.words}`}>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">The last 24 hours</th>
          <th scope="col">The next 24 hours</th>
        </tr>
      </thead>
      <tbody>
        {lanes.map(({ source, runs, dues }) => (
          <tr key={source} data-lane={source}>
            <th scope="row">
              <Link to="/admin/sync-runs" search={{ source }} className={runStyles.name}>
                <bdi>{source}</bdi>
              </Link>
            </th>
            <td>{describeRuns(runs)}</td>
            <td>
              {dues.length === 0 && 'nothing due'}
              {dues.length > 0 && (
                <ul className={styles.dues}>
                  {dues.slice(0, duesTold).map((due) => (
                    <li key={due.at.getTime()} title={formatExactTime(due.at)}>
                      {shortTimes.format(due.at)}: <bdi>{describeDue(due)}</bdi>
                    </li>
                  ))}
                  {dues.length > duesTold && <li>and {dues.length - duesTold} times more</li>}
                </ul>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </WideTable>
  );
}

function describeRuns(runs: Lane['runs']): string {
  if (runs.length === 0) return 'no run';
  const failed = runs.filter(({ state }) => state === 'FAILED' || state === 'PARTIAL').length;
  const open = runs.filter(({ state }) => isOpen(state)).length;
  const parts = [
    runs.length === 1 ? '1 run' : `${runs.length} runs`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(open > 0 ? ['one on its way'] : []),
    `the last at ${shortTimes.format(runs[0]!.from)}`,
  ];
  return parts.join(', ');
}

function describeDue({ tableCount, tasks }: Due): string {
  const tables = tableCount === 0 ? [] : [tableCount === 1 ? '1 table' : `${tableCount} tables`];
  return [...tables, ...tasks].join(', ');
}
