import { useState } from 'react';
import { formatExactTime } from '../format.ts';
import { Notice } from '../notice.tsx';
import { useNow } from '../now.ts';
import { LocalPages, pageOf } from '../sources/local-pages.tsx';
import { LiveQueryView } from '../tables/live-query-view.tsx';
import { TimelineQuery, type Timeline } from './documents.ts';
import styles from './timeline.module.css';
import { TimelineChart } from './timeline-chart.tsx';
import { readLanes } from './timeline-lanes.ts';
import { TimelineTable } from './timeline-table.tsx';

/** When runs were in the last 24 hours, and when schedules want some in the next 24: drawn, and in words. */
export function TimelineView() {
  return (
    <LiveQueryView query={TimelineQuery} variables={{}} what="The timeline">
      {(timeline) => <Lanes timeline={timeline} />}
    </LiveQueryView>
  );
}

function Lanes({ timeline }: { timeline: Timeline }) {
  const now = useNow();
  const [page, setPage] = useState(0);
  const all = readLanes(timeline, now);
  if (all.lanes.length === 0) {
    return (
      <Notice title="Nothing ran and nothing is due">
        <p>
          There was no run in the last 24 hours, and no schedule wants one in the next 24. Give a table a schedule on
          the page of its source.
        </p>
      </Notice>
    );
  }
  const shown = { ...all, lanes: pageOf(all.lanes, page) };
  return (
    <>
      <TimelineChart lanes={shown} now={now} />
      {all.knownFrom > all.from && (
        <p className={styles.note}>
          There were more runs than are drawn: they begin at {formatExactTime(all.knownFrom)}.
        </p>
      )}
      <TimelineTable lanes={shown.lanes} />
      <LocalPages count={all.lanes.length} page={page} onPage={setPage} />
    </>
  );
}
