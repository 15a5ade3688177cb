import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Notice } from '../notice.tsx';

/** Shown for an address that no page has. */
export function NotFound() {
  return (
    <Notice title="There is no such page" level={1}>
      <title>Not found</title>
      <p>
        The address may be mistyped, or the page has moved.{' '}
        <Anchor component={Link} to="/" underline="always">
          Go to the first page
        </Anchor>
        .
      </p>
    </Notice>
  );
}
