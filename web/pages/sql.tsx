import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { StatementIcon } from '../icons.tsx';
import { readStatementSearch, searchFor, statementAskedFor } from '../sql/statement-in-address.ts';

export const needs = 'Query.sql';

export const menu: MenuEntry = { label: 'SQL', icon: <StatementIcon />, order: 20 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sql',
  validateSearch: readStatementSearch,
  component: SqlRoute,
});

const SqlPage = lazyRouteComponent(() => import('../sql/sql-page.tsx'), 'SqlPage');

function SqlRoute() {
  const { instance } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`SQL · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        SQL
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the editor" role="status" />}>
        <SqlPage
          asked={statementAskedFor(search)}
          onAddress={(statement) => void navigate({ search: searchFor(statement), replace: true, resetScroll: false })}
        />
      </Suspense>
    </>
  );
}
