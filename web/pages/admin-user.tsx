import { Loader } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import { rootRoute } from '../frame/root-route.ts';
import { globalIdOf } from '../users/stored-id.ts';

export const needs = 'Query.user';

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/users/$id',
  component: UserRoute,
});

const UserPage = lazyRouteComponent(() => import('../users/user-page.tsx'), 'UserPage');

function UserRoute() {
  const { id } = route.useParams();
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the user" role="status" />}>
      <UserPage key={id} id={globalIdOf(id)} />
    </Suspense>
  );
}
