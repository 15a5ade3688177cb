import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { MatrixIcon } from '../icons.tsx';

export const needs = 'Query.accessMatrix';

export const menu: MenuEntry = { label: 'Access matrix', icon: <MatrixIcon />, order: 98 };

interface MatrixSearch {
  q?: string;
  /** The key of a role whose holders may. */
  role?: string;
  /** Only what the viewer may. */
  mine?: 'yes';
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/access-matrix',
  validateSearch: ({ q, role, mine }: Record<string, unknown>): MatrixSearch => ({
    ...(typeof q === 'string' && q !== '' && { q }),
    ...(typeof role === 'string' && role !== '' && { role }),
    ...(mine === 'yes' && { mine }),
  }),
  component: MatrixPage,
});

const MatrixBrowser = lazyRouteComponent(() => import('../access-matrix/matrix-browser.tsx'), 'MatrixBrowser');

function MatrixPage() {
  const { instance } = useSession();
  const { q = '', role = null, mine } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Access matrix · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Access matrix
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the matrix" role="status" />}>
        <MatrixBrowser
          filter={{ search: q, role, onlyMine: mine === 'yes' }}
          onFilter={({ search, role: chosen, onlyMine }) =>
            void navigate({
              search: {
                ...(search !== '' && { q: search }),
                ...(chosen !== null && { role: chosen }),
                ...(onlyMine && { mine: 'yes' as const }),
              },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </Suspense>
    </>
  );
}
