import { Notice } from '../notice.tsx';
import { QueryView } from '../query-view.tsx';
import { RegisteredTableQuery } from './documents.ts';
import { TableForm } from './table-form.tsx';

interface EditTableProps {
  /** Global. */
  id: string;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** What an administrator can change of a table, as it is now. */
export function EditTable({ id, onCancel, onDone }: EditTableProps) {
  return (
    <QueryView query={RegisteredTableQuery} variables={{ id }} what="The table">
      {({ table }) =>
        table ? (
          <TableForm key={table.id} table={table} onCancel={onCancel} onDone={onDone} />
        ) : (
          <Notice title="The table is gone" level={3}>
            <p>Somebody has unregistered it.</p>
          </Notice>
        )
      }
    </QueryView>
  );
}
