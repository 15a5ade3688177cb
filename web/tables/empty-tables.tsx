import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';

/** Shown when there is not one table that this person may read. */
export function EmptyTables() {
  const { may } = useSession();
  if (may('Query.sources')) {
    return (
      <Notice title="There is no table yet">
        <p>
          The{' '}
          <Anchor component={Link} to="/setup/guide" underline="always">
            setup
          </Anchor>{' '}
          connects a source, registers tables and brings their rows. They appear here at once.
        </p>
      </Notice>
    );
  }
  return (
    <Notice title="There is no table for you yet">
      <p>
        You may read tables that are public or granted to you; so far there are none. Whoever reads a table can send you
        the link of its page, on which you can ask for access.
      </p>
    </Notice>
  );
}
