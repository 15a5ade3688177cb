import { Link } from '@tanstack/react-router';
import { NextPage } from '../person/next-page.tsx';
import { Notice } from '../notice.tsx';
import person from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { storedIdOf } from '../users/stored-id.ts';
import { TableReadersQuery, type AccessTable } from './documents.ts';
import { ReasonText } from './reason-text.tsx';
import styles from './table-access.module.css';

const readersPerPage = 50;

interface ReaderListProps {
  table: AccessTable;
  after: string | null;
  onPage: (after: string | null) => void;
  onUser: (id: string) => void;
}

/** A page of those who may read a table, each with the reason that decides. */
export function ReaderList({ table, after, onPage, onUser }: ReaderListProps) {
  return (
    <section aria-labelledby="readers" className={styles.part}>
      <h3 id="readers" className={person.subtitle}>
        Who may read it
      </h3>
      <QueryView
        query={TableReadersQuery}
        variables={{ id: table.id, first: readersPerPage, after }}
        what="The readers"
      >
        {({ table: found }) => {
          const readers = found?.readers;
          if (!readers) return null;
          if (readers.totalCount === 0) {
            return (
              <Notice title="Nobody may read it" level={3}>
                <p>Grant it to a role or to a user below.</p>
              </Notice>
            );
          }
          return (
            <>
              <p className={person.introduction}>
                {readers.totalCount === 1 ? '1 person' : `${readers.totalCount} people`}, as of now.
              </p>
              <ul className={person.rows} aria-label="Readers">
                {readers.edges.map(({ node: { user, reasons } }) => (
                  <li key={user.id} data-reader={user.email}>
                    <div className={person.what}>
                      <Link
                        to="/admin/access"
                        search={{ table: table.sqlName, user: storedIdOf(user.id) }}
                        className={styles.name}
                        title={user.email}
                        onClick={(event) => {
                          event.preventDefault();
                          onUser(user.id);
                        }}
                      >
                        <bdi>{user.email}</bdi>
                      </Link>
                      {user.name !== null && <bdi className={person.detail}>{user.name}</bdi>}
                    </div>
                    <div className={person.ways}>{reasons[0] && <ReasonText reason={reasons[0]} />}</div>
                  </li>
                ))}
              </ul>
              <NextPage
                size={readersPerPage}
                first={after === null}
                next={readers.pageInfo.hasNextPage ? readers.pageInfo.endCursor : null}
                onPage={onPage}
              />
            </>
          );
        }}
      </QueryView>
    </section>
  );
}
