import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { KeyIcon } from '../icons.tsx';

export const needs = 'Query.explainAccess';

export const menu: MenuEntry = { label: 'Table access', icon: <KeyIcon />, order: 90 };

interface AccessSearch {
  /** The SQL name or the id of a table. */
  table?: string;
  /** The id of a user. */
  user?: string;
  after?: string;
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/access',
  validateSearch: ({ table, user, after }: Record<string, unknown>): AccessSearch => ({
    ...(isText(table) && { table }),
    ...(isText(user) && { user }),
    ...(isText(after) && { after }),
  }),
  component: AccessPage,
});

const AccessBrowser = lazyRouteComponent(() => import('../table-access/access-browser.tsx'), 'AccessBrowser');

function AccessPage() {
  const { instance } = useSession();
  const { table = null, user = null, after = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Table access · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Table access
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the page" role="status" />}>
        <AccessBrowser
          place={{ table, user, after }}
          onPlace={(place) =>
            void navigate({
              search: {
                ...(place.table !== null && { table: place.table }),
                ...(place.user !== null && { user: place.user }),
                ...(place.after !== null && { after: place.after }),
              },
              resetScroll: false,
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
