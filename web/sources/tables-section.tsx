import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { SearchField } from '../tables/search-field.tsx';
import type { RegisteredTable, SourceDetails } from './documents.ts';
import { EditTable } from './edit-table.tsx';
import { LocalPages, pageOf } from './local-pages.tsx';
import { RegisteredTables } from './registered-tables.tsx';
import styles from './sources.module.css';
import { UnregisterTable } from './unregister-table.tsx';

const fewTables = 8;

interface TablesSectionProps {
  source: SourceDetails;
  onDone: (announcement: string) => void;
}

interface Asked {
  what: 'edit' | 'unregister';
  table: RegisteredTable;
}

/** The registered tables of a source, to be changed, synced and unregistered. */
export function TablesSection({ source, onDone }: TablesSectionProps) {
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { tables } = source;
  const found = tables.filter((table) => matches(table, search));

  function done(announcement: string): void {
    setAsked(null);
    onDone(announcement);
  }

  if (tables.length === 0) {
    return (
      <Notice title="No table is registered yet" level={3}>
        <p>
          <Anchor component={Link} to="." hash="discover" underline="always">
            Ask the source what it offers
          </Anchor>{' '}
          and choose.
        </p>
      </Notice>
    );
  }
  return (
    <>
      {tables.length > fewTables && (
        <div className={styles.above}>
          <SearchField
            label="Search the tables"
            value={search}
            onSearch={(text) => {
              setSearch(text);
              setPage(0);
            }}
          />
        </div>
      )}
      {found.length === 0 ? (
        <p role="status">No table matches “{search}”.</p>
      ) : (
        <RegisteredTables
          source={source.name}
          tables={pageOf(found, page)}
          onEdit={(table) => setAsked({ what: 'edit', table })}
          onUnregister={(table) => setAsked({ what: 'unregister', table })}
        />
      )}
      <LocalPages count={found.length} page={page} onPage={setPage} />
      <Dialog
        title={
          <>
            {asked?.what === 'unregister' ? 'Unregister' : 'Change'} <bdi>{asked?.table.sqlName}</bdi>
          </>
        }
        opened={asked !== null}
        onClose={() => setAsked(null)}
      >
        {asked?.what === 'edit' && <EditTable id={asked.table.id} onCancel={() => setAsked(null)} onDone={done} />}
        {asked?.what === 'unregister' && (
          <UnregisterTable table={asked.table} onCancel={() => setAsked(null)} onDone={done} />
        )}
      </Dialog>
    </>
  );
}

function matches({ sqlName, description }: RegisteredTable, search: string): boolean {
  const text = search.trim().toLowerCase();
  return [sqlName, description].some((part) => part?.toLowerCase().includes(text));
}
