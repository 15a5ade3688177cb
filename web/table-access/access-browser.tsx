import { useQuery } from 'urql';
import { Notice } from '../notice.tsx';
import { globalIdOf, storedIdOf } from '../users/stored-id.ts';
import { ChosenTableQuery, ChosenUserQuery } from './documents.ts';
import styles from './table-access.module.css';
import { TableField } from './table-field.tsx';
import { TablePart } from './table-part.tsx';
import { UserField } from './user-field.tsx';
import { UserPart } from './user-part.tsx';

const storedId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the address names. */
export interface AccessPlace {
  /** The SQL name or the id of a table. */
  table: string | null;
  /** The id of a user. */
  user: string | null;
  /** The cursor behind which the page of a list begins; null: the first page. */
  after: string | null;
}

interface AccessBrowserProps {
  place: AccessPlace;
  onPlace: (place: AccessPlace) => void;
}

/** Who may read a table, what a user may read, and, of both together, whether and why. */
export function AccessBrowser({ place, onPlace }: AccessBrowserProps) {
  const { table, after } = place;
  const userId = place.user === null ? null : globalIdOf(storedIdOf(place.user));
  const [{ data }] = useQuery({ query: ChosenUserQuery, variables: { id: userId ?? '' }, pause: userId === null });
  const email = userId === null ? null : (data?.user?.email ?? null);
  const tableId = table !== null && storedId.test(table) ? `Table:${table}` : null;
  const [named] = useQuery({ query: ChosenTableQuery, variables: { id: tableId ?? '' }, pause: tableId === null });
  const sqlName = tableId === null ? table : (named.data?.table?.sqlName ?? null);
  const onPage = (cursor: string | null) => onPlace({ ...place, after: cursor });
  const onUser = (user: string | null) =>
    onPlace({ ...place, user: user === null ? null : storedIdOf(user), after: null });
  return (
    <>
      <p className={styles.introduction}>
        Choose a table to see who may read it and by which grants, a user to see what they may read and why, or both.
      </p>
      <div className={styles.choosing}>
        <TableField chosen={sqlName} onChoose={(chosen) => onPlace({ ...place, table: chosen, after: null })} />
        <UserField chosen={email} onChoose={(choice) => onUser(choice?.id ?? null)} />
      </div>
      {table !== null && (
        <TablePart
          key={`${table} ${userId}`}
          by={tableId === null ? { id: null, sqlName: table } : { id: tableId, sqlName: null }}
          userId={userId}
          after={after}
          onPage={onPage}
          onUser={(id) => {
            onUser(id);
            focusContent();
          }}
        />
      )}
      {table === null && userId !== null && (
        <UserPart
          key={userId}
          id={userId}
          after={after}
          onPage={onPage}
          onTable={(chosen) => {
            onPlace({ ...place, table: chosen, after: null });
            focusContent();
          }}
        />
      )}
      {table === null && userId === null && (
        <Notice title="Nothing is chosen">
          <p>Type a part of the name of a table, or of the address of a user, above.</p>
        </Notice>
      )}
    </>
  );
}

/** What was pressed leaves the page: without this the focus would go along. */
function focusContent(): void {
  document.getElementById('content')?.focus();
}
