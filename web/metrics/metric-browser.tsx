import { Anchor, Group, NativeSelect } from '@mantine/core';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { NextPage } from '../person/next-page.tsx';
import { QueryView } from '../query-view.tsx';
import { SearchField } from '../tables/search-field.tsx';
import { MetricsQuery } from './documents.ts';
import { MetricList } from './metric-list.tsx';
import styles from './metrics.module.css';

const metricsPerPage = 50;

/** What the address says of the list. */
export interface MetricListPlace {
  search: string;
  /** Empty: all. */
  category: string;
  /** The cursor behind which the page begins; null: the first page. */
  after: string | null;
}

interface MetricBrowserProps {
  place: MetricListPlace;
  onPlace: (place: MetricListPlace) => void;
}

/** The metrics that this person may see, by category, searched, page by page. */
export function MetricBrowser({ place, onPlace }: MetricBrowserProps) {
  const { search, category, after } = place;
  return (
    <QueryView
      query={MetricsQuery}
      variables={{
        first: metricsPerPage,
        after,
        category: category === '' ? null : category,
        search: search === '' ? null : search,
      }}
      what="The metrics"
    >
      {({ metrics }) =>
        metrics && (
          <>
            <Group mb="md" gap="md">
              <SearchField
                label="Search metrics"
                value={search}
                onSearch={(text) => onPlace({ ...place, search: text, after: null })}
              />
              <NativeSelect
                aria-label="Category"
                value={category}
                data={[{ value: '', label: 'All categories' }, ...withChosen(metrics.categories, category)]}
                onChange={({ currentTarget: { value } }) => onPlace({ ...place, category: value, after: null })}
              />
              {metrics.totalCount > 0 && (
                <span className={styles.count} role="status">
                  {metrics.totalCount === 1 ? '1 metric' : `${metrics.totalCount} metrics`}
                </span>
              )}
            </Group>
            {metrics.edges.length === 0 ? (
              <NoMetrics searched={search !== '' || category !== '' || after !== null} />
            ) : (
              <MetricList metrics={metrics.edges.map(({ node }) => node)} />
            )}
            <NextPage
              size={metricsPerPage}
              first={after === null}
              next={metrics.pageInfo.hasNextPage ? metrics.pageInfo.endCursor : null}
              onPage={(cursor) => onPlace({ ...place, after: cursor })}
            />
          </>
        )
      }
    </QueryView>
  );
}

function NoMetrics({ searched }: { searched: boolean }) {
  const { may } = useSession();
  if (searched) {
    return (
      <Notice title="No metric found">
        <p>No name, description or synonym of a metric here contains what you search for.</p>
      </Notice>
    );
  }
  return (
    <Notice title="There is no metric for you yet">
      <p>A metric is shown to those who may read every table that it reads.</p>
      {may('Mutation.importMetrics') && (
        <p>
          You may define metrics: import files of them with <code>da metrics import</code>, or save one in{' '}
          <Anchor href="/graphiql" underline="always">
            GraphiQL
          </Anchor>
          .
        </p>
      )}
    </Notice>
  );
}

/** A category that the address names stays in the choice even when nothing is found in it. */
function withChosen(categories: readonly string[], chosen: string): string[] {
  return chosen === '' || categories.includes(chosen) ? [...categories] : [...categories, chosen];
}
