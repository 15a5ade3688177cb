import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { AuditIcon } from '../icons.tsx';

export const needs = 'Query.auditEvents';

export const menu: MenuEntry = { label: 'Audit', icon: <AuditIcon />, order: 94 };

interface AuditSearch {
  actor?: string;
  /** How the action begins. */
  action?: string;
  resource?: string;
  /** RFC 3339. */
  since?: string;
  /** RFC 3339; exclusive. */
  until?: string;
  after?: string;
}

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/audit',
  validateSearch: ({ actor, action, resource, since, until, after }: Record<string, unknown>): AuditSearch => ({
    ...(isText(actor) && { actor }),
    ...(isText(action) && { action }),
    ...(isText(resource) && { resource }),
    ...(isMoment(since) && { since }),
    ...(isMoment(until) && { until }),
    ...(isText(after) && { after }),
  }),
  component: AuditPage,
});

const AuditBrowser = lazyRouteComponent(() => import('../audit/audit-browser.tsx'), 'AuditBrowser');

function AuditPage() {
  const { instance } = useSession();
  const { after = null, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <title>{`Audit · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Audit
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the audit" role="status" />}>
        <AuditBrowser
          filter={filter}
          after={after}
          onFilter={(chosen) => void navigate({ search: chosen })}
          onPage={(cursor) => void navigate({ search: { ...filter, ...(cursor !== null && { after: cursor }) } })}
        />
      </Suspense>
    </>
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isMoment(value: unknown): value is string {
  return isText(value) && !Number.isNaN(Date.parse(value));
}
