import { Loader } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import { rootRoute } from '../frame/root-route.ts';

export const needs = 'Query.table';

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tables/$sqlName',
  // By its id, and not by its name, somebody who may not read a table can ask for it.
  validateSearch: ({ id }: Record<string, unknown>): { id?: string } =>
    typeof id === 'string' && id !== '' ? { id } : {},
  component: TableRoute,
});

const TablePage = lazyRouteComponent(() => import('../table/table-page.tsx'), 'TablePage');

function TableRoute() {
  const { sqlName } = route.useParams();
  const { id = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the table" role="status" />}>
      <TablePage
        key={sqlName}
        sqlName={sqlName}
        id={id}
        onId={(known) => void navigate({ search: { id: known }, replace: true, resetScroll: false })}
      />
    </Suspense>
  );
}
