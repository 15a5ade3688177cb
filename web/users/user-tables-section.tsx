import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../frame/session.ts';
import { ReadableTableList, readableTablesPerPage } from '../person/readable-table-list.tsx';
import { QueryView } from '../query-view.tsx';
import { UserTablesQuery } from './documents.ts';
import { storedIdOf } from './stored-id.ts';
import styles from './users.module.css';

/** The tables that a user may read, and why. */
export function UserTablesSection({ id }: { id: string }) {
  const [after, setAfter] = useState<string | null>(null);
  const { may } = useSession();
  return (
    <QueryView query={UserTablesQuery} variables={{ id, first: readableTablesPerPage, after }} what="The tables">
      {({ user }) =>
        user?.tableAccess && (
          <>
            <ReadableTableList
              tables={user.tableAccess}
              nobody="Tables are granted to users and to roles, on the page of table access."
              first={after === null}
              onPage={setAfter}
            />
            {may('Query.explainAccess') && (
              <p className={styles.after}>
                <Link to="/admin/access" search={{ user: storedIdOf(id) }}>
                  Why, why not, and grants: table access
                </Link>
              </p>
            )}
          </>
        )
      }
    </QueryView>
  );
}
