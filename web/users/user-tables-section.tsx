import { useState } from 'react';
import { ReadableTableList, readableTablesPerPage } from '../person/readable-table-list.tsx';
import { QueryView } from '../query-view.tsx';
import { UserTablesQuery } from './documents.ts';

/** The tables that a user may read, and why. */
export function UserTablesSection({ id }: { id: string }) {
  const [after, setAfter] = useState<string | null>(null);
  return (
    <QueryView query={UserTablesQuery} variables={{ id, first: readableTablesPerPage, after }} what="The tables">
      {({ user }) =>
        user?.tableAccess && (
          <ReadableTableList
            tables={user.tableAccess}
            nobody="Tables are granted to users and to roles, with grantTableAccess in GraphiQL."
            first={after === null}
            onPage={setAfter}
          />
        )
      }
    </QueryView>
  );
}
