import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { TableIcon } from '../icons.tsx';

export const needs = 'Query.tables';

export const menu: MenuEntry = { label: 'Tables', icon: <TableIcon />, order: 10 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tables',
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => (typeof q === 'string' && q !== '' ? { q } : {}),
  component: TablesPage,
});

const SourceBar = lazyRouteComponent(() => import('../tables/source-bar.tsx'), 'SourceBar');
const TableBrowser = lazyRouteComponent(() => import('../tables/table-browser.tsx'), 'TableBrowser');

function TablesPage() {
  const { instance, may } = useSession();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Tables · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Tables
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the tables" role="status" />}>
        {may('Query.sources') && <SourceBar />}
        <TableBrowser
          search={q}
          onSearch={(text) => void navigate({ search: text === '' ? {} : { q: text }, replace: true })}
        />
      </Suspense>
    </>
  );
}
