import { Button, Stack } from '@mantine/core';
import type { Session } from '../frame/session.ts';

/** A button for each provider; behind it the browser leaves, and comes back to the page it is on. */
export function ProviderLinks({ doors }: { doors: Session['instance']['signInDoors'] }) {
  const providers = doors.filter(({ kind }) => kind === 'OIDC');
  if (providers.length === 0) return null;
  return (
    <Stack gap="xs" align="flex-start">
      {providers.map(({ label, url }) => (
        <Button key={url} component="a" href={`${url}?next=${encodeURIComponent(currentPath())}`} variant="default">
          Sign in with {label}
        </Button>
      ))}
    </Stack>
  );
}

function currentPath(): string {
  const { pathname, search } = location;
  const parameters = new URLSearchParams(search);
  parameters.delete('signInError');
  return parameters.size > 0 ? `${pathname}?${parameters}` : pathname;
}
