import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { PageLink } from '../frame/page-link.tsx';
import { Notice } from '../notice.tsx';
import person from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { TableAccessQuery } from './documents.ts';
import { Explanation } from './explanation.tsx';
import { GrantForm } from './grant-form.tsx';
import { GrantList } from './grant-list.tsx';
import { ReaderList } from './reader-list.tsx';
import styles from './table-access.module.css';

interface TablePartProps {
  /** Its global id or its SQL name. */
  by: { id: string | null; sqlName: string | null };
  /** The global id of a user; null: everybody who may read it is shown. */
  userId: string | null;
  after: string | null;
  onPage: (after: string | null) => void;
  onUser: (id: string | null) => void;
}

/** Who may read one table, or whether one user may, and the grants that decide it. */
export function TablePart({ by, userId, after, onPage, onUser }: TablePartProps) {
  const [announcement, setAnnouncement] = useState('');
  return (
    <QueryView query={TableAccessQuery} variables={by} what="The table">
      {({ table, roles }) =>
        table ? (
          <>
            <h2 className={styles.heading}>
              <bdi>{table.sqlName}</bdi>
            </h2>
            <p className={person.introduction}>
              {table.isPublic ? 'Public: everybody who is signed in with a role may read it' : 'Private'}, of the source{' '}
              <bdi>{table.source}</bdi>
              {table.bucket !== null && (
                <>
                  , in the bucket <bdi>{table.bucket}</bdi>
                </>
              )}
              .{' '}
              <PageLink path="/tables/$sqlName" params={{ sqlName: table.sqlName }}>
                The page of this table
              </PageLink>
            </p>
            {userId === null ? (
              <ReaderList table={table} after={after} onPage={onPage} onUser={onUser} />
            ) : (
              <Explanation tableId={table.id} userId={userId} onEverybody={() => onUser(null)} />
            )}
            <section aria-labelledby="grants" className={styles.part}>
              <h3 id="grants" className={person.subtitle}>
                Grants and denials
              </h3>
              <GrantList table={table} grants={table.tableGrants ?? []} onDone={setAnnouncement} />
              <GrantForm table={table} roles={roles ?? []} userId={userId} onDone={setAnnouncement} />
            </section>
            <VisuallyHidden role="status">{announcement}</VisuallyHidden>
          </>
        ) : (
          <Notice title="There is no such table">
            <p>It may have been removed, or it was renamed. Choose another above.</p>
          </Notice>
        )
      }
    </QueryView>
  );
}
