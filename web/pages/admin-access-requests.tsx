import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { InboxIcon } from '../icons.tsx';

export const needs = 'Mutation.decideAccessRequest';

export const menu: MenuEntry = { label: 'Access requests', icon: <InboxIcon />, order: 85 };

const statuses = ['approved', 'denied', 'all'] as const;

interface RequestsSearch {
  /** Absent: those that wait for a decision. */
  status?: (typeof statuses)[number];
  after?: string;
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/access-requests',
  validateSearch: ({ status, after }: Record<string, unknown>): RequestsSearch => {
    const known = statuses.find((one) => one === status);
    return { ...(known && { status: known }), ...(typeof after === 'string' && after !== '' && { after }) };
  },
  component: RequestsPage,
});

const RequestBrowser = lazyRouteComponent(() => import('../access-requests/request-browser.tsx'), 'RequestBrowser');

function RequestsPage() {
  const { instance } = useSession();
  const { status = 'pending', after = null } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Access requests · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Access requests
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the requests" role="status" />}>
        <RequestBrowser
          key={`${status} ${after}`}
          place={{ status, after }}
          onPage={(cursor) =>
            void navigate({
              search: { ...(status !== 'pending' && { status }), ...(cursor !== null && { after: cursor }) },
            })
          }
        />
      </Suspense>
    </>
  );
}
