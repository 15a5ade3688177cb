import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { GroupIcon } from '../icons.tsx';

export const needs = 'Query.knownGroups';

export const menu: MenuEntry = { label: 'Group mappings', icon: <GroupIcon />, order: 80 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/group-mappings',
  component: GroupMappingsPage,
});

const MappingBrowser = lazyRouteComponent(() => import('../group-mappings/mapping-browser.tsx'), 'MappingBrowser');

function GroupMappingsPage() {
  const { instance } = useSession();
  return (
    <>
      <title>{`Group mappings · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Group mappings
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the group mappings" role="status" />}>
        <MappingBrowser />
      </Suspense>
    </>
  );
}
