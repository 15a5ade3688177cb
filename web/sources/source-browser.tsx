import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { PlusIcon } from '../icons.tsx';
import { Notice } from '../notice.tsx';
import { QueryView } from '../query-view.tsx';
import { LiveQueryView } from '../tables/live-query-view.tsx';
import { SearchField } from '../tables/search-field.tsx';
import { CreateSource } from './create-source.tsx';
import { ConnectorsQuery, SourceListQuery } from './documents.ts';
import { LocalPages, pageOf } from './local-pages.tsx';
import { SourceList } from './source-list.tsx';
import styles from './sources.module.css';

interface SourceBrowserProps {
  search: string;
  onSearch: (text: string) => void;
  /** Called with the name of the new source. */
  onCreated: (name: string) => void;
}

/** The sources there are, searched and live; new ones are connected here. */
export function SourceBrowser({ search, onSearch, onCreated }: SourceBrowserProps) {
  const { may } = useSession();
  const [creating, setCreating] = useState(false);
  const [page, setPage] = useState(0);
  const connect = may('Mutation.createSource') && (
    <Button leftSection={<PlusIcon />} onClick={() => setCreating(true)}>
      Connect a source
    </Button>
  );
  return (
    <>
      <LiveQueryView query={SourceListQuery} variables={{}} what="The sources">
        {({ sources }) => {
          if (!sources) return null;
          if (sources.length === 0) {
            return (
              <Notice title="No source is connected yet" actions={connect}>
                <p>
                  A source is a system from which tables come: a folder of files, a warehouse, a tracker. Connect one,
                  choose among the tables that it offers, and sync.
                </p>
              </Notice>
            );
          }
          const found = sources.filter(({ name, connector }) => `${name} ${connector}`.includes(search.trim()));
          return (
            <>
              <Group mb="md" gap="md" justify="space-between">
                <SearchField
                  label="Search sources"
                  value={search}
                  onSearch={(text) => {
                    setPage(0);
                    onSearch(text);
                  }}
                />
                {connect}
              </Group>
              {found.length === 0 ? (
                <p role="status">No source matches “{search}”.</p>
              ) : (
                <SourceList sources={pageOf(found, page)} />
              )}
              <LocalPages count={found.length} page={page} onPage={setPage} />
            </>
          );
        }}
      </LiveQueryView>
      <Dialog title="Connect a source" opened={creating} onClose={() => setCreating(false)}>
        {creating && (
          <div className={styles.inDialog}>
            <QueryView query={ConnectorsQuery} variables={{}} what="The connectors">
              {({ connectors, instance }) => (
                <CreateSource
                  connectors={connectors ?? []}
                  secrets={instance?.secrets ?? []}
                  onSecret={() => {}}
                  onDone={onCreated}
                />
              )}
            </QueryView>
          </div>
        )}
      </Dialog>
    </>
  );
}
