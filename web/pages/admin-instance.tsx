import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { InstanceIcon } from '../icons.tsx';

export const needs = 'Query.signingKeys';

export const menu: MenuEntry = { label: 'Instance', icon: <InstanceIcon />, order: 96 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/instance',
  component: InstanceRoute,
});

const InstancePage = lazyRouteComponent(() => import('../instance/instance-page.tsx'), 'InstancePage');

function InstanceRoute() {
  const { instance } = useSession();
  return (
    <>
      <title>{`Instance · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Instance
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the instance" role="status" />}>
        <InstancePage />
      </Suspense>
    </>
  );
}
