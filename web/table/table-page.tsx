import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useEffectEvent } from 'react';
import { tellResync } from '../data/connection.ts';
import { QueryView } from '../query-view.tsx';
import { useSyncEvents } from '../tables/use-sync-events.ts';
import { TableQuery, type TableFacts } from './documents.ts';
import { MissingTable } from './missing-table.tsx';
import { storedIdOf } from './stored-id.ts';
import { TableView } from './table-view.tsx';

interface TablePageProps {
  sqlName: string;
  /** What the address says of the table besides its name: who may not read it can ask for it by this. */
  id: string | null;
  /** Called with the id that belongs into the address. */
  onId: (id: string) => void;
}

/** Everything about one table; for who may not read it, as for a name that nothing bears, how to ask for it. */
export function TablePage({ sqlName, id, onId }: TablePageProps) {
  const refetch = useDebouncedCallback(tellResync, 200);
  useSyncEvents((event) => {
    if (event.__typename === 'SyncFinished' || ('table' in event && event.table.sqlName === sqlName)) refetch();
  });
  return (
    <QueryView query={TableQuery} variables={{ sqlName }} what="The table">
      {({ table }) =>
        table ? (
          <KnownTable table={table} id={id} onId={onId} />
        ) : (
          <MissingTable key={id} tableId={id} sqlName={sqlName} />
        )
      }
    </QueryView>
  );
}

function KnownTable({ table, id, onId }: { table: TableFacts } & Pick<TablePageProps, 'id' | 'onId'>) {
  const known = storedIdOf(table.id);
  const tell = useEffectEvent(onId);
  useEffect(() => {
    if (id !== known) tell(known);
  }, [id, known]);
  return <TableView table={table} />;
}
