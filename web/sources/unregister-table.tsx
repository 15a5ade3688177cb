import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { QueryView } from '../query-view.tsx';
import { TableRemovalQuery, UnregisterTableMutation, type RegisteredTable } from './documents.ts';
import { RemovedList } from './removed-list.tsx';

interface UnregisterTableProps {
  table: RegisteredTable;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Asks before a table goes, and says what is lost. */
export function UnregisterTable({ table: { id, sqlName }, onCancel, onDone }: UnregisterTableProps) {
  const { send, refusal, sending } = useChange(UnregisterTableMutation);

  async function unregister(): Promise<void> {
    if (await send({ id })) onDone(`${sqlName} is unregistered.`);
  }

  return (
    <QueryView query={TableRemovalQuery} variables={{ id }} what="What would be lost">
      {({ tableRemoval: lost }) => (
        <Confirm
          action="Unregister it"
          sending={sending}
          refusal={refusal?.message}
          onConfirm={() => void unregister()}
          onCancel={onCancel}
        >
          <p>
            <bdi>{sqlName}</bdi> is gone for everybody at once{hasMore(lost) ? ', and with it:' : '.'}
          </p>
          {lost && <RemovedList removed={lost} withTables={false} />}
          <p>Statements that name it fail. Its source keeps the rows; past runs keep their figures.</p>
        </Confirm>
      )}
    </QueryView>
  );
}

function hasMore(lost: { tableGrants: number; accessRequests: number; files: number } | null): boolean {
  return lost !== null && lost.tableGrants + lost.accessRequests + lost.files > 0;
}
