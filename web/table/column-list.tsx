import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { SearchIcon } from '../icons.tsx';
import type { TableColumn, TableFacts } from './documents.ts';
import { Section } from './section.tsx';
import styles from './table.module.css';

/** Columns on the screen at once. */
const columnsPerPage = 50;

/** The columns of a table with what they mean; of a wide table some at a time, searched. */
export function ColumnList({ table: { columns, primaryKey } }: { table: TableFacts }) {
  const [search, setSearch] = useState('');
  const [begin, setBegin] = useState(0);
  if (columns.length === 0) {
    return (
      <Section title="Columns">
        <p className={styles.plain}>The columns are known after the first sync.</p>
      </Section>
    );
  }
  const text = search.trim().toLowerCase();
  const found = columns.filter(({ name, description }) => `${name}\n${description ?? ''}`.toLowerCase().includes(text));
  const shown = found.slice(begin, begin + columnsPerPage);
  return (
    <Section title="Columns" aside={<span className={styles.count}>{describeCount(columns.length)}</span>}>
      {columns.length > columnsPerPage && (
        <TextInput
          type="search"
          aria-label="Search columns"
          placeholder="Search columns"
          leftSection={<SearchIcon />}
          w="20rem"
          maw="100%"
          mb="sm"
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setBegin(0);
          }}
        />
      )}
      {shown.length === 0 ? (
        <p role="status" className={styles.plain}>
          No column has this text.
        </p>
      ) : (
        <div className={styles.scroller} role="region" aria-label="Columns of the table" tabIndex={0}>
          <table className={styles.columns}>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">Type</th>
                <th scope="col">What it means</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((column) => (
                <ColumnRow key={column.name} column={column} isKey={primaryKey.includes(column.name)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > columnsPerPage && (
        <Group mt="md" gap="sm">
          <Button
            variant="default"
            disabled={begin === 0}
            onClick={() => setBegin(Math.max(0, begin - columnsPerPage))}
          >
            Previous {columnsPerPage}
          </Button>
          <Button
            variant="default"
            disabled={begin + columnsPerPage >= found.length}
            onClick={() => setBegin(begin + columnsPerPage)}
          >
            Next {columnsPerPage}
          </Button>
        </Group>
      )}
    </Section>
  );
}

function ColumnRow({ column, isKey }: { column: TableColumn; isKey: boolean }) {
  const { name, type, description, descriptionSource } = column;
  return (
    <tr data-column={name}>
      <th scope="row">
        <div className={styles.columnName}>
          <bdi title={name}>{name}</bdi>
          {isKey && <span className={styles.mark}>key</span>}
        </div>
      </th>
      <td>
        <span className={styles.type} title={type}>
          {type}
        </span>
      </td>
      <td>
        {description === null ? (
          <span className={styles.none}>not described</span>
        ) : (
          <>
            <bdi>{description}</bdi>
            {descriptionSource === 'SOURCE' && <span className={styles.origin}> (said by the source)</span>}
          </>
        )}
      </td>
    </tr>
  );
}

function describeCount(count: number): string {
  return count === 1 ? '1 column' : `${count} columns`;
}
