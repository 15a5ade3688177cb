import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { SetupIcon } from '../icons.tsx';
import { WhileIncomplete } from '../setup-guide/while-incomplete.tsx';

export const needs = 'Mutation.configureInstance';

export const menu: MenuEntry = { label: 'Setup', icon: <SetupIcon />, order: 5, shown: WhileIncomplete };

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/setup/guide', component: SetupGuidePage });

const SetupGuide = lazyRouteComponent(() => import('../setup-guide/setup-guide.tsx'), 'SetupGuide');

function SetupGuidePage() {
  const { instance } = useSession();
  return (
    <>
      <title>{`Setup · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Setup
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the setup" role="status" />}>
        <SetupGuide />
      </Suspense>
    </>
  );
}
