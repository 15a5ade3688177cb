import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { HomeIcon } from '../icons.tsx';

export const needs = 'Query.accessMatrix';

export const menu: MenuEntry = { label: 'Home', icon: <HomeIcon />, order: 1 };

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });

const Home = lazyRouteComponent(() => import('../home/home.tsx'), 'Home');

function HomePage() {
  const { instance } = useSession();
  return (
    <>
      <title>{`Home · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Home
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the first page" role="status" />}>
        <Home />
      </Suspense>
    </>
  );
}
