import { Anchor, Loader } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { formatCount } from '../format.ts';
import { FailureNotice } from '../notice.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { EmptyTables } from '../tables/empty-tables.tsx';
import { useSyncEvents } from '../tables/use-sync-events.ts';
import { FreshnessQuery, type Freshness } from './documents.ts';
import { HomeSection } from './home-section.tsx';
import styles from './home.module.css';
import { ChangedTables } from './changed-tables.tsx';

const variables = { changed: 8, failing: 5 };

/** How many tables are fresh, which changed last and which failed; it follows the syncs. */
export function FreshnessSection() {
  const [{ data, error }, refetch] = useQuery({ query: FreshnessQuery, variables, requestPolicy: 'cache-and-network' });
  const ask = () => refetch({ requestPolicy: 'network-only' });
  // The tables of one run are published at one instant.
  const askSoon = useDebouncedCallback(ask, 200);
  useSyncEvents(askSoon);
  const freshness = data?.tableFreshness;
  if (error) return <FailureNotice error={error} what="The freshness of the tables" retry={ask} />;
  if (!freshness) return <Loader size="sm" aria-label="Loading the freshness of the tables" role="status" />;
  const { okCount, failedCount, runningCount, neverCount } = freshness;
  if (okCount + failedCount + runningCount + neverCount === 0) {
    return <EmptyTables />;
  }
  return (
    <div className={styles.main}>
      <HomeSection title="Freshness">
        <dl className={styles.counts}>
          <Count name="OK" count={okCount} tone="good" />
          <Count name="Failed" count={failedCount} tone={failedCount > 0 ? 'bad' : 'plain'} />
          <Count name="Running" count={runningCount} tone="plain" />
          <Count name="Never synced" count={neverCount} tone="plain" />
        </dl>
        <Oldest freshness={freshness} />
        <Failing freshness={freshness} />
      </HomeSection>
      <HomeSection
        title="Changed last"
        aside={
          <Anchor component={Link} to="/tables" underline="always" size="sm">
            All tables
          </Anchor>
        }
      >
        <ChangedTables tables={freshness.changedLast} />
      </HomeSection>
    </div>
  );
}

function Count({ name, count, tone }: { name: string; count: number; tone: 'good' | 'bad' | 'plain' }) {
  return (
    <div data-tone={tone}>
      <dt>{name}</dt>
      <dd>{formatCount(String(count))}</dd>
    </div>
  );
}

function Oldest({ freshness: { oldest } }: { freshness: Freshness }) {
  if (!oldest?.syncState.lastSync) return null;
  return (
    <p className={styles.oldest}>
      The oldest rows are those of{' '}
      <Link to="/tables/$sqlName" params={{ sqlName: oldest.sqlName }}>
        <bdi>{oldest.sqlName}</bdi>
      </Link>
      , published <RelativeTime moment={oldest.syncState.lastSync} />.
    </p>
  );
}

function Failing({ freshness: { failing, failedCount } }: { freshness: Freshness }) {
  if (failing.length === 0) return null;
  return (
    <>
      <ul className={styles.rows} aria-label="Tables that failed">
        {failing.map(({ id, sqlName, syncState }) => (
          <li key={id} data-failing={sqlName}>
            <Link to="/tables/$sqlName" params={{ sqlName }} className={styles.name}>
              <bdi>{sqlName}</bdi>
            </Link>
            <bdi className={styles.error} title={syncState.error ?? undefined}>
              {syncState.error}
            </bdi>
          </li>
        ))}
      </ul>
      {failedCount > failing.length && (
        <p className={styles.oldest}>{formatCount(String(failedCount - failing.length))} more failed.</p>
      )}
    </>
  );
}
