import { Loader } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import { rootRoute } from '../frame/root-route.ts';
import { globalIdOf } from '../sync-runs/run-id.ts';

export const needs = 'Query.syncRun';

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sync-runs/$id',
  component: RunRoute,
});

const RunPage = lazyRouteComponent(() => import('../sync-runs/run-page.tsx'), 'RunPage');

function RunRoute() {
  const { id } = route.useParams();
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the run" role="status" />}>
      <RunPage key={id} id={globalIdOf(id)} />
    </Suspense>
  );
}
