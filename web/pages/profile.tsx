import { Loader, Title } from '@mantine/core';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { MenuEntry } from '../frame/page.ts';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { PersonIcon } from '../icons.tsx';

export const needs = 'Query.accessMatrix';

export const menu: MenuEntry = { label: 'Profile', icon: <PersonIcon />, order: 100 };

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/profile', component: ProfilePage });

const Profile = lazyRouteComponent(() => import('../profile/profile.tsx'), 'Profile');

function ProfilePage() {
  const { instance } = useSession();
  return (
    <>
      <title>{`Profile · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Profile
      </Title>
      <Suspense fallback={<Loader size="sm" aria-label="Loading the profile" role="status" />}>
        <Profile />
      </Suspense>
    </>
  );
}
