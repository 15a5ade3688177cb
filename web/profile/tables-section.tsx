import { useState } from 'react';
import { ReadableTableList, readableTablesPerPage } from '../person/readable-table-list.tsx';
import { QueryView } from '../query-view.tsx';
import { OwnTablesQuery } from './documents.ts';

/** The tables that one may read, and why. */
export function TablesSection() {
  const [after, setAfter] = useState<string | null>(null);
  return (
    <QueryView query={OwnTablesQuery} variables={{ first: readableTablesPerPage, after }} what="Your tables">
      {({ viewer }) =>
        viewer && (
          <ReadableTableList
            tables={viewer.tableAccess}
            nobody="Ask an administrator for the tables that you need."
            first={after === null}
            onPage={setAfter}
          />
        )
      }
    </QueryView>
  );
}
