import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { RolesIcon } from '../icons.tsx';

export const needs = 'Query.roles';

export const menu: MenuEntry = { label: 'Roles', icon: <RolesIcon />, order: 70 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/roles',
  validateSearch: ({ role }: Record<string, unknown>): { role?: string } =>
    typeof role === 'string' && role !== '' ? { role } : {},
  component: RolesPage,
});

const RoleBrowser = lazyRouteComponent(() => import('../roles/role-browser.tsx'), 'RoleBrowser');

function RolesPage() {
  const { instance } = useSession();
  const { role = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Roles · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Roles
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the roles" role="status" />}>
        <RoleBrowser
          selected={role}
          onSelect={(key) => navigate({ search: key === null ? {} : { role: key }, replace: true, resetScroll: false })}
        />
      </Suspense>
    </>
  );
}
