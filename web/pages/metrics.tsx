import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { MetricIcon } from '../icons.tsx';

export const needs = 'Query.metrics';

export const menu: MenuEntry = { label: 'Metrics', icon: <MetricIcon />, order: 30 };

interface MetricsSearch {
  q?: string;
  category?: string;
  after?: string;
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/metrics',
  validateSearch: ({ q, category, after }: Record<string, unknown>): MetricsSearch => ({
    ...(isText(q) && { q }),
    ...(isText(category) && { category }),
    ...(isText(after) && { after }),
  }),
  component: MetricsRoute,
});

const MetricBrowser = lazyRouteComponent(() => import('../metrics/metric-browser.tsx'), 'MetricBrowser');

function MetricsRoute() {
  const { instance } = useSession();
  const { q = '', category = '', after = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Metrics · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Metrics
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the metrics" role="status" />}>
        <MetricBrowser
          place={{ search: q, category, after }}
          onPlace={(place) =>
            void navigate({
              search: {
                ...(place.search !== '' && { q: place.search }),
                ...(place.category !== '' && { category: place.category }),
                ...(place.after !== null && { after: place.after }),
              },
              // Each letter of a search is no step back; a page and a category are.
              replace: place.search !== q,
            })
          }
        />
      </Suspense>
    </>
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
