import { Anchor } from '@mantine/core';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';

/** Shown when there is not one table that this person may read. */
export function EmptyTables() {
  const { may } = useSession();
  if (may('Query.sources')) {
    return (
      <Notice title="There is no table yet">
        <p>
          Add a source and register its tables with the mutations <code>createSource</code> and{' '}
          <code>registerTable</code> in{' '}
          <Anchor href="/graphiql" underline="always">
            GraphiQL
          </Anchor>
          . They appear here at once.
        </p>
      </Notice>
    );
  }
  return (
    <Notice title="There is no table for you yet">
      <p>
        You may read tables that are public or granted to you; so far there are none. Ask an administrator for access.
      </p>
    </Notice>
  );
}
