import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { SourceIcon } from '../icons.tsx';

export const needs = 'Query.sources';

export const menu: MenuEntry = { label: 'Sources', icon: <SourceIcon />, order: 40 };

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/sources',
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => (typeof q === 'string' && q !== '' ? { q } : {}),
  component: SourcesPage,
});

const SourceBrowser = lazyRouteComponent(() => import('../sources/source-browser.tsx'), 'SourceBrowser');

function SourcesPage() {
  const { instance } = useSession();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Sources · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Sources
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the sources" role="status" />}>
        <SourceBrowser
          search={q}
          onSearch={(text) => void navigate({ search: text === '' ? {} : { q: text }, replace: true })}
          onCreated={(name) => void navigate({ to: '/admin/sources/$name', params: { name }, hash: 'discover' })}
        />
      </Suspense>
    </>
  );
}
