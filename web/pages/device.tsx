import { Title } from '@mantine/core';
import { createRoute } from '@tanstack/react-router';
import { DeviceDecision } from '../device/device-decision.tsx';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';

export const needs = 'Query.deviceRequest';

export const route = createRoute({
  getParentRoute: () => rootRoute,
  path: '/device',
  validateSearch: ({ code }: Record<string, unknown>): { code?: string } =>
    typeof code === 'string' && code !== '' ? { code } : {},
  component: DevicePage,
});

function DevicePage() {
  const { instance } = useSession();
  const { code = '' } = route.useSearch();
  return (
    <>
      <title>{`Let a device in · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Let a device in
      </Title>
      <DeviceDecision code={code} />
    </>
  );
}
