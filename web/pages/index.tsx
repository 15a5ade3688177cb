import { Title } from '@mantine/core';
import { createRoute } from '@tanstack/react-router';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { TableIcon } from '../icons.tsx';
import { SourceBar } from '../tables/source-bar.tsx';
import { TableBrowser } from '../tables/table-browser.tsx';

export const needs = 'Query.tables';

export const menu: MenuEntry = { label: 'Tables', icon: <TableIcon />, order: 10 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => (typeof q === 'string' && q !== '' ? { q } : {}),
  component: TablesPage,
});

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
      {may('Query.sources') && <SourceBar />}
      <TableBrowser
        search={q}
        onSearch={(text) => navigate({ search: text === '' ? {} : { q: text }, replace: true })}
      />
    </>
  );
}
