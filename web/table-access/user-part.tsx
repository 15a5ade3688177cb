import { Notice } from '../notice.tsx';
import { AccessReason } from '../person/access-reason.tsx';
import { NextPage } from '../person/next-page.tsx';
import person from '../person/person.module.css';
import { readableTablesPerPage } from '../person/readable-table-list.tsx';
import { QueryView } from '../query-view.tsx';
import { UserReadsQuery } from './documents.ts';
import styles from './table-access.module.css';

interface UserPartProps {
  /** Global. */
  id: string;
  after: string | null;
  onPage: (after: string | null) => void;
  onTable: (sqlName: string) => void;
}

/** A page of the tables that a user may read, each with the reason that decides. */
export function UserPart({ id, after, onPage, onTable }: UserPartProps) {
  return (
    <QueryView query={UserReadsQuery} variables={{ id, first: readableTablesPerPage, after }} what="The user">
      {({ user }) => {
        if (!user?.tableAccess) {
          return (
            <Notice title="There is no such user">
              <p>The user may have been removed. Choose another above.</p>
            </Notice>
          );
        }
        const { edges, pageInfo, totalCount } = user.tableAccess;
        return (
          <section aria-labelledby="reads" className={styles.part}>
            <h2 id="reads" className={styles.heading}>
              What <bdi>{user.email}</bdi> may read
            </h2>
            {totalCount === 0 ? (
              <Notice title="No table may be read" level={3}>
                <p>
                  {user.active
                    ? 'Choose a table above, too, and grant it.'
                    : 'The user is deactivated, and reads nothing before somebody activates them.'}
                </p>
              </Notice>
            ) : (
              <>
                <p className={person.introduction}>
                  {totalCount === 1 ? '1 table' : `${totalCount} tables`}, as of now.
                </p>
                <ul className={person.rows} aria-label="Readable tables">
                  {edges.map(({ node: { table, reasons } }) => (
                    <li key={table.id} data-readable={table.sqlName}>
                      <div className={person.what}>
                        <button type="button" className={styles.name} onClick={() => onTable(table.sqlName)}>
                          <bdi>{table.sqlName}</bdi>
                        </button>
                        {table.description && <bdi className={person.detail}>{table.description}</bdi>}
                      </div>
                      <div className={person.ways}>
                        <AccessReason reasons={reasons} />
                      </div>
                    </li>
                  ))}
                </ul>
                <NextPage
                  size={readableTablesPerPage}
                  first={after === null}
                  next={pageInfo.hasNextPage ? pageInfo.endCursor : null}
                  onPage={onPage}
                />
              </>
            )}
          </section>
        );
      }}
    </QueryView>
  );
}
