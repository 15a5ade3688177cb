import { Anchor, Group, Title } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import personStyles from '../person/person.module.css';
import { RelativeTime } from '../relative-time.tsx';
import { LiveQueryView } from '../tables/live-query-view.tsx';
import { SyncRunQuery, type RunDetails } from './documents.ts';
import { ReportView } from './report-view.tsx';
import { RunActions } from './run-actions.tsx';
import { RunDuration } from './run-duration.tsx';
import { storedIdOf } from './run-id.ts';
import { RunProgress } from './run-progress.tsx';
import { RunState } from './run-state.tsx';
import { isOpen } from './run-states.ts';
import { RunTables } from './run-tables.tsx';
import styles from './sync-runs.module.css';

/** One run as it goes: what it brings, what failed and why; `id` is global. */
export function RunPage({ id }: { id: string }) {
  const { instance } = useSession();
  return (
    <LiveQueryView query={SyncRunQuery} variables={{ id }} what="The run">
      {({ syncRun }) =>
        syncRun ? (
          <Run run={syncRun} />
        ) : (
          <Notice title="There is no such run" level={1}>
            <title>{`No such run · ${instance.name}`}</title>
            <p>
              Old runs are forgotten.{' '}
              <Anchor component={Link} to="/admin/sync-runs" underline="always">
                Go to all runs
              </Anchor>
              .
            </p>
          </Notice>
        )
      }
    </LiveQueryView>
  );
}

function Run({ run }: { run: RunDetails }) {
  const { instance } = useSession();
  const navigate = useNavigate();
  const name = run.source?.name;
  return (
    <>
      <title>{`Run of ${name ?? 'a source that is gone'} · ${instance.name}`}</title>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <Title order={1} size="h2">
          Run of <bdi>{name ?? 'a source that is gone'}</bdi>
        </Title>
        <Group gap="sm">
          <RunActions
            run={run}
            onRetried={(id) => void navigate({ to: '/admin/sync-runs/$id', params: { id: storedIdOf(id) } })}
          />
        </Group>
      </Group>
      <RunFacts run={run} />
      <h2 className={personStyles.subtitle}>Tables</h2>
      <RunTables key={run.id} tables={run.tables} />
      {run.report !== null && (
        <>
          <h2 className={personStyles.subtitle}>What the connector reports</h2>
          <div className={styles.report}>
            <ReportView value={run.report} />
          </div>
        </>
      )}
    </>
  );
}

function RunFacts({ run }: { run: RunDetails }) {
  const { state, error, requestedBy, queuedAt, startedAt, finishedAt, fullRefresh, tasks, source } = run;
  return (
    <dl className={personStyles.facts}>
      <dt>State</dt>
      <dd data-state={state}>
        <RunState state={state} />
      </dd>
      {isOpen(state) && (
        <>
          <dt>Progress</dt>
          <dd>
            <RunProgress run={run} />
          </dd>
        </>
      )}
      {error !== null && (
        <>
          <dt>Why it failed</dt>
          <dd>
            <p className={styles.error}>
              <bdi>{error}</bdi>
            </p>
          </dd>
        </>
      )}
      <dt>Source</dt>
      <dd>
        {source ? (
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => <Link {...props} to="/admin/sources/$name" params={{ name: source.name }} />}
          >
            <bdi>{source.name}</bdi>
          </Anchor>
        ) : (
          'gone'
        )}
      </dd>
      <dt>Asked for</dt>
      <dd>
        <RelativeTime moment={queuedAt} /> by <bdi>{requestedBy}</bdi>
      </dd>
      <dt>Began</dt>
      <dd>{startedAt === null ? 'not yet' : <RelativeTime moment={startedAt} />}</dd>
      <dt>Took</dt>
      <dd>
        <RunDuration startedAt={startedAt} finishedAt={finishedAt} />
      </dd>
      <dt>Rows</dt>
      <dd>
        {fullRefresh
          ? 'all rows, also of tables with a watermark'
          : 'new rows of tables with a watermark, all of others'}
      </dd>
      {tasks !== null && (
        <>
          <dt>Tasks</dt>
          <dd>
            <bdi>{tasks.length === 0 ? 'only what the webhook told' : tasks.join(', ')}</bdi>
          </dd>
        </>
      )}
    </dl>
  );
}
