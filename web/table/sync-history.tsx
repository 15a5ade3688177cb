import { formatCount } from '../format.ts';
import { PageLink } from '../frame/page-link.tsx';
import { QueryView } from '../query-view.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { TableRunsQuery } from './documents.ts';
import { formatDuration } from '../duration.ts';
import { historyEntries, stateNames, type HistoryEntry } from './history-entries.ts';
import { HistoryChart } from './history-chart.tsx';
import { Section } from './section.tsx';
import styles from './table.module.css';

/** Runs on the screen. */
const shownRuns = 30;

/** What the last runs made of a table: drawn, and in words. */
export function SyncHistory({ tableId }: { tableId: string }) {
  return (
    <Section title="Syncs">
      <QueryView query={TableRunsQuery} variables={{ id: tableId, first: shownRuns }} what="The syncs">
        {({ table }) => {
          const entries = historyEntries(table?.syncRuns ?? []);
          if (entries.length === 0) return <p className={styles.plain}>No run has had this table yet.</p>;
          return (
            <>
              <HistoryChart entries={entries.toReversed()} />
              <details className={styles.details}>
                <summary>The same in words</summary>
                <EntryList entries={entries} />
              </details>
            </>
          );
        }}
      </QueryView>
    </Section>
  );
}

function EntryList({ entries }: { entries: readonly HistoryEntry[] }) {
  return (
    <div className={styles.scroller} role="region" aria-label="The last syncs" tabIndex={0}>
      <table className={styles.runs}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">State</th>
            <th scope="col" data-numeric="true">
              Took
            </th>
            <th scope="col" data-numeric="true">
              Rows
            </th>
            <th scope="col">Asked for by</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <th scope="row">
                <PageLink
                  path="/admin/sync-runs/$id"
                  params={{ id: entry.id.replace('SyncRun:', '') }}
                  otherwise={<RelativeTime moment={entry.at} />}
                >
                  <RelativeTime moment={entry.at} />
                </PageLink>
              </th>
              <td>
                <span data-state={entry.state} className={styles.state}>
                  {stateNames[entry.state]}
                </span>
                {entry.attempts > 1 && ` after ${entry.attempts} attempts`}
                {entry.error !== null && <bdi className={styles.reason}>{entry.error}</bdi>}
              </td>
              <td data-numeric="true">{entry.duration === null ? '–' : formatDuration(entry.duration)}</td>
              <td data-numeric="true">{entry.rows === null ? '–' : formatCount(entry.rows)}</td>
              <td>
                <bdi>{entry.requestedBy}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
