import { Anchor, Button, Group } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import styles from '../person/person.module.css';
import { RelativeTime } from '../relative-time.tsx';
import { storedIdOf } from '../sync-runs/run-id.ts';
import { RunProgress } from '../sync-runs/run-progress.tsx';
import { RunState } from '../sync-runs/run-state.tsx';
import { isOpen } from '../sync-runs/run-states.ts';
import { CheckNow } from './check-now.tsx';
import { DeleteSource } from './delete-source.tsx';
import type { SourceDetails } from './documents.ts';
import { DueTime } from './due-time.tsx';
import own from './sources.module.css';
import { SyncNow } from './sync-now.tsx';
import { TableCounts } from './table-counts.tsx';

/** How a source is, and what can be done with it as a whole. */
export function OverviewSection({ source }: { source: SourceDetails }) {
  const { may } = useSession();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const { name, connector, createdAt, tables, dueTimes } = source;
  const [next] = dueTimes;
  return (
    <>
      <dl className={styles.facts}>
        <dt>Connector</dt>
        <dd>
          <bdi>{connector}</bdi>
        </dd>
        <dt>Connected</dt>
        <dd>
          <RelativeTime moment={createdAt} />
        </dd>
        <dt>Tables</dt>
        <dd className={own.inline}>
          <TableCounts tables={tables} />{' '}
          <Anchor
            component={Link}
            to="."
            hash={tables.length === 0 ? 'discover' : 'tables'}
            size="sm"
            underline="always"
          >
            {tables.length === 0 ? 'Add some' : 'Show them'}
          </Anchor>
        </dd>
        <LastRun source={source} />
        <dt>Next due</dt>
        <dd>
          <DueTime at={next?.at} none={tables.length === 0 ? 'nothing' : 'nothing in the next 24 hours'} />
          {next && next.tableCount > 0 && `, ${next.tableCount} ${next.tableCount === 1 ? 'table' : 'tables'}`}
          {next && next.tasks.length > 0 && <bdi>, {next.tasks.join(', ')}</bdi>}
        </dd>
      </dl>
      <Group mt="md" gap="sm" align="flex-start">
        <SyncNow source={source} />
        <CheckNow source={name} />
        {may('Mutation.deleteSource') && (
          <Button variant="default" size="compact-sm" onClick={() => setDeleting(true)}>
            Delete the source
          </Button>
        )}
      </Group>
      <Dialog title="Delete the source" opened={deleting} onClose={() => setDeleting(false)}>
        {deleting && (
          <DeleteSource
            source={source}
            onCancel={() => setDeleting(false)}
            onDone={() => void navigate({ to: '/admin/sources' })}
          />
        )}
      </Dialog>
    </>
  );
}

function LastRun({ source: { name, lastRun } }: { source: SourceDetails }) {
  if (!lastRun) {
    return (
      <>
        <dt>Last run</dt>
        <dd>never</dd>
      </>
    );
  }
  return (
    <>
      <dt>Last run</dt>
      <dd className={own.inline}>
        <Link to="/admin/sync-runs/$id" params={{ id: storedIdOf(lastRun.id) }} className={own.quiet}>
          <RunState state={lastRun.state} />
        </Link>{' '}
        <span>
          <RelativeTime moment={lastRun.queuedAt} /> by <bdi>{lastRun.requestedBy}</bdi>
        </span>{' '}
        <Anchor
          size="sm"
          underline="always"
          renderRoot={(props) => <Link {...props} to="/admin/sync-runs" search={{ source: name }} />}
        >
          All runs
        </Anchor>
        {isOpen(lastRun.state) && <RunProgress run={{ counts: lastRun.counts, source: { name } }} />}
        {lastRun.error !== null && <bdi className={own.trouble}>{lastRun.error}</bdi>}
      </dd>
    </>
  );
}
