import { Notice } from '../notice.tsx';
import { NextPage } from '../person/next-page.tsx';
import { LiveQueryView } from '../tables/live-query-view.tsx';
import { SyncRunsQuery } from './documents.ts';
import { RunFilters } from './run-filters.tsx';
import { RunList } from './run-list.tsx';
import type { RunListPlace } from './run-place.ts';

const runsPerPage = 25;

interface RunBrowserProps {
  place: RunListPlace;
  onPlace: (place: RunListPlace) => void;
}

/** Runs, the newest first, filtered, page by page and live. */
export function RunBrowser({ place, onPlace }: RunBrowserProps) {
  const { source, state, table, after } = place;
  const variables = { first: runsPerPage, after, source, state, table: table && `Table:${table}` };
  const isFiltered = source !== null || state !== null || table !== null;
  return (
    <>
      <RunFilters place={place} onPlace={onPlace} />
      <LiveQueryView query={SyncRunsQuery} variables={variables} what="The sync runs">
        {({ syncRuns }) =>
          syncRuns && (
            <>
              {syncRuns.edges.length === 0 ? (
                <NoRuns isFiltered={isFiltered} />
              ) : (
                <RunList runs={syncRuns.edges.map(({ node }) => node)} />
              )}
              <NextPage
                size={runsPerPage}
                first={after === null}
                next={syncRuns.pageInfo.hasNextPage ? syncRuns.pageInfo.endCursor : null}
                onPage={(cursor) => onPlace({ ...place, after: cursor })}
              />
            </>
          )
        }
      </LiveQueryView>
    </>
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Notice title="No run fits">
        <p>There is no run of this source, with this table and in this state.</p>
      </Notice>
    );
  }
  return (
    <Notice title="Nothing was synced yet">
      <p>
        A run brings the rows of a source’s tables. Start one from the page of the source, or give a table a schedule.
      </p>
    </Notice>
  );
}
