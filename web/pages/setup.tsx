import { Anchor, Title } from '@mantine/core';
import { createRoute, Link } from '@tanstack/react-router';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { SetupForm } from '../setup/setup-form.tsx';
import { useSecretFromAddress } from '../setup/use-secret-from-address.ts';

export const needs = null;

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/setup', component: SetupPage });

function SetupPage() {
  const { instance } = useSession();
  const secret = useSecretFromAddress();
  return (
    <>
      <title>{`Set up · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Set up this instance
      </Title>
      {!instance.setupNeeded && (
        <Notice title="This instance is set up already">
          <p>
            It has its first administrator.{' '}
            <Anchor component={Link} to="/tables" underline="always">
              Go to the tables
            </Anchor>
            .
          </p>
        </Notice>
      )}
      {instance.setupNeeded && !secret && (
        <Notice title="The setup link is not complete">
          <p>
            Open the whole link from the server's log, with everything after the <code>#</code>. After a reload of this
            page the link has to be opened again.
          </p>
        </Notice>
      )}
      {instance.setupNeeded && secret && <SetupForm secret={secret} />}
    </>
  );
}
