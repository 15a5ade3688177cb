import { Button, Group, Loader, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../format.ts';
import { FailureNotice } from '../notice.tsx';
import { EmptyTables } from './empty-tables.tsx';
import { SearchField } from './search-field.tsx';
import { TableList } from './table-list.tsx';
import styles from './tables.module.css';
import { tablesPerPage, useTables } from './use-tables.ts';

interface TableBrowserProps {
  search: string;
  onSearch: (text: string) => void;
}

/** The tables this person may read: searched, page by page, live. */
export function TableBrowser({ search, onSearch }: TableBrowserProps) {
  // The cursors of the pages walked through, for this search only.
  const [walk, setWalk] = useState<{ search: string; cursors: readonly string[] }>({ search, cursors: [] });
  const cursors = walk.search === search ? walk.cursors : [];
  const { tables, totalCount, nextCursor, announcement, error, refetch } = useTables({
    search,
    after: cursors.at(-1) ?? null,
  });

  if (!tables) {
    if (error) return <FailureNotice error={error} what="The tables" retry={refetch} />;
    return <Loader size="sm" aria-label="Loading the tables" role="status" />;
  }
  if (tables.length === 0 && search === '' && cursors.length === 0) return <EmptyTables />;
  return (
    <>
      <Group mb="md" gap="md">
        <SearchField label="Search tables and columns" value={search} onSearch={onSearch} />
        {totalCount > 0 && <span className={styles.count}>{describeCount(totalCount)}</span>}
      </Group>
      {tables.length === 0 ? (
        <p role="status">No table matches “{search}”.</p>
      ) : (
        <TableList tables={tables} search={search} />
      )}
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      {(cursors.length > 0 || nextCursor) && (
        <Group mt="md" gap="sm">
          <Button
            variant="default"
            disabled={cursors.length === 0}
            onClick={() => setWalk({ search, cursors: cursors.slice(0, -1) })}
          >
            Previous {tablesPerPage}
          </Button>
          <Button
            variant="default"
            disabled={!nextCursor}
            onClick={() => nextCursor && setWalk({ search, cursors: [...cursors, nextCursor] })}
          >
            Next {tablesPerPage}
          </Button>
        </Group>
      )}
    </>
  );
}

function describeCount(count: number): string {
  return count === 1 ? '1 table' : `${formatCount(String(count))} tables`;
}
