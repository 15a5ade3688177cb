import { Notice } from '../notice.tsx';
import { NextPage } from '../person/next-page.tsx';
import { QueryView } from '../query-view.tsx';
import { filterVariables, type AuditFilter } from './audit-filter.ts';
import { AuditEventsQuery } from './documents.ts';
import { EventList } from './event-list.tsx';
import { Export } from './export.tsx';
import { FilterForm } from './filter-form.tsx';

const eventsPerPage = 50;

interface AuditBrowserProps {
  filter: AuditFilter;
  /** The cursor behind which the page begins; null: the first page. */
  after: string | null;
  onFilter: (filter: AuditFilter) => void;
  onPage: (after: string | null) => void;
}

/** What was done, newest first: filtered, page by page, and exported. */
export function AuditBrowser({ filter, after, onFilter, onPage }: AuditBrowserProps) {
  const filterKey = JSON.stringify(filter);
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <FilterForm key={filterKey} filter={filter} onFilter={onFilter} />
      <QueryView
        query={AuditEventsQuery}
        variables={{ ...filterVariables(filter), first: eventsPerPage, after }}
        what="The audit"
      >
        {({ auditEvents }) =>
          auditEvents && (
            <>
              {auditEvents.edges.length === 0 ? (
                <Notice title="No event fits">
                  <p>
                    {isFiltered
                      ? 'Nothing was done that fits all that is asked for. Take a part of it back.'
                      : 'There is no event on this page.'}
                  </p>
                </Notice>
              ) : (
                <>
                  <Export key={filterKey} filter={filter} />
                  <EventList
                    events={auditEvents.edges.map(({ node }) => node)}
                    onOnly={(part) => onFilter({ ...filter, ...part })}
                  />
                </>
              )}
              <NextPage
                size={eventsPerPage}
                first={after === null}
                next={auditEvents.pageInfo.hasNextPage ? auditEvents.pageInfo.endCursor : null}
                onPage={onPage}
              />
            </>
          )
        }
      </QueryView>
    </>
  );
}
