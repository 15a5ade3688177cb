import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { PeopleIcon } from '../icons.tsx';

export const needs = 'Query.users';

export const menu: MenuEntry = { label: 'Users', icon: <PeopleIcon />, order: 60 };

const sorts = ['CREATED', 'LAST_SEEN'] as const;

interface UsersSearch {
  q?: string;
  sort?: (typeof sorts)[number];
  after?: string;
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/users',
  validateSearch: ({ q, sort, after }: Record<string, unknown>): UsersSearch => ({
    ...(isText(q) && { q }),
    ...(isText(after) && { after }),
    ...pickSort(sort),
  }),
  component: UsersPage,
});

const UserBrowser = lazyRouteComponent(() => import('../users/user-browser.tsx'), 'UserBrowser');

function UsersPage() {
  const { instance } = useSession();
  const { q = '', sort = 'EMAIL', after = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Users · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Users
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the users" role="status" />}>
        <UserBrowser
          place={{ search: q, sort, after }}
          onPlace={(place) =>
            void navigate({
              search: {
                ...(place.search !== '' && { q: place.search }),
                ...(place.sort !== 'EMAIL' && { sort: place.sort }),
                ...(place.after !== null && { after: place.after }),
              },
              // Each letter of a search is no step back; a page is.
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

function pickSort(given: unknown): Pick<UsersSearch, 'sort'> {
  const sort = sorts.find((known) => known === given);
  return sort === undefined ? {} : { sort };
}
