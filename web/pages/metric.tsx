import { Loader } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import { rootRoute } from '../frame/root-route.ts';
import { cutFrom, readCutSearch, searchOfCut } from '../metrics/cut-in-address.ts';

export const needs = 'Query.metric';

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/metrics/$category/$name',
  validateSearch: readCutSearch,
  component: MetricRoute,
});

const MetricPage = lazyRouteComponent(() => import('../metrics/metric-page.tsx'), 'MetricPage');

function MetricRoute() {
  const { category, name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const id = `${category}/${name}`;
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the metric" role="status" />}>
      <MetricPage
        key={id}
        id={id}
        cut={cutFrom(search)}
        onCut={(cut) => void navigate({ search: searchOfCut(cut), replace: true, resetScroll: false })}
      />
    </Suspense>
  );
}
