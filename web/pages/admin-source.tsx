import { Loader } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import { rootRoute } from '../frame/root-route.ts';

export const needs = 'Query.source';

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sources/$name',
  component: SourceRoute,
});

const SourcePage = lazyRouteComponent(() => import('../sources/source-page.tsx'), 'SourcePage');

function SourceRoute() {
  const { name } = route.useParams();
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the source" role="status" />}>
      <SourcePage key={name} name={name} />
    </Suspense>
  );
}
