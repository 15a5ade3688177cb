import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { RunsIcon } from '../icons.tsx';
import { runStates } from '../sync-runs/run-states.ts';
import { ViewLinks } from '../sync-runs/view-links.tsx';

export const needs = 'Query.syncRuns';

export const menu: MenuEntry = { label: 'Sync runs', icon: <RunsIcon />, order: 45 };

interface RunsSearch {
  view?: 'timeline';
  source?: string;
  state?: (typeof runStates)[number];
  table?: string;
  after?: string;
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sync-runs',
  validateSearch: ({ view, source, state, table, after }: Record<string, unknown>): RunsSearch => ({
    ...(view === 'timeline' && { view }),
    ...pickText('source', source),
    ...pickState(state),
    ...pickText('table', table),
    ...pickText('after', after),
  }),
  component: RunsPage,
});

const RunBrowser = lazyRouteComponent(() => import('../sync-runs/run-browser.tsx'), 'RunBrowser');
const TimelineView = lazyRouteComponent(() => import('../sync-runs/timeline-view.tsx'), 'TimelineView');

function RunsPage() {
  const { instance } = useSession();
  const { view, source = null, state = null, table = null, after = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Sync runs · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Sync runs
      </Title>
      <ViewLinks isTimeline={view === 'timeline'} />
      <Suspense fallback={<Loader size="sm" aria-label="Loading the sync runs" role="status" />}>
        {view === 'timeline' ? (
          <TimelineView />
        ) : (
          <RunBrowser
            place={{ source, state, table, after }}
            onPlace={(place) =>
              void navigate({ search: Object.fromEntries(Object.entries(place).filter(([, value]) => value !== null)) })
            }
          />
        )}
      </Suspense>
    </>
  );
}

function pickText(name: 'source' | 'table' | 'after', given: unknown): Partial<Record<typeof name, string>> {
  return typeof given === 'string' && given !== '' ? { [name]: given } : {};
}

function pickState(given: unknown): Pick<RunsSearch, 'state'> {
  const state = runStates.find((known) => known === given);
  return state === undefined ? {} : { state };
}
