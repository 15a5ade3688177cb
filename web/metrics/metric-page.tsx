import { Anchor, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { QueryView } from '../query-view.tsx';
import type { MetricCut } from './cut-in-address.ts';
import { MetricQuery } from './documents.ts';
import { MetricDefinition } from './metric-definition.tsx';
import { MetricRun } from './metric-run.tsx';
import { MetricStatements } from './metric-statements.tsx';
import styles from './metrics.module.css';

interface MetricPageProps {
  /** `category/name`. */
  id: string;
  /** What the address says of how it is run. */
  cut: MetricCut;
  /** Called with each cut that is run. */
  onCut: (cut: MetricCut) => void;
}

/** One metric: what it measures, its numbers, and its statements. */
export function MetricPage({ id, cut, onCut }: MetricPageProps) {
  const { instance } = useSession();
  return (
    <QueryView query={MetricQuery} variables={{ id }} what="The metric">
      {({ metric }) =>
        metric ? (
          <>
            <title>{`${metric.displayName} · ${instance.name}`}</title>
            <p className={styles.path}>
              <Link to="/metrics" className={styles.pathLink}>
                Metrics
              </Link>
              {' / '}
              <Link to="/metrics" search={{ category: metric.category }} className={styles.pathLink}>
                {metric.category}
              </Link>
            </p>
            <Title order={1} size="h2" mb="xs" className={styles.title}>
              <bdi>{metric.displayName}</bdi>
            </Title>
            <MetricDefinition metric={metric} />
            <MetricRun metric={metric} initial={cut} onCut={onCut} />
            <MetricStatements metric={metric} />
          </>
        ) : (
          <Notice title="There is no such metric" level={1}>
            <title>{`No such metric · ${instance.name}`}</title>
            <p>
              It may have been removed or renamed, or it reads a table that you may not read.{' '}
              <Anchor component={Link} to="/metrics" underline="always">
                Go to all metrics
              </Anchor>
              .
            </p>
          </Notice>
        )
      }
    </QueryView>
  );
}
