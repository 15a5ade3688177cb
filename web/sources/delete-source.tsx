import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { QueryView } from '../query-view.tsx';
import { DeleteSourceMutation, SourceRemovalQuery, type SourceDetails } from './documents.ts';
import { RemovedList } from './removed-list.tsx';

interface DeleteSourceProps {
  source: SourceDetails;
  onCancel: () => void;
  onDone: () => void;
}

/** Asks before a source goes with its tables, and says what is lost. */
export function DeleteSource({ source: { id, name }, onCancel, onDone }: DeleteSourceProps) {
  const { send, refusal, sending } = useChange(DeleteSourceMutation);

  async function remove(removeTables: boolean): Promise<void> {
    if (await send({ id, removeTables })) onDone();
  }

  return (
    <QueryView query={SourceRemovalQuery} variables={{ id }} what="What would be lost">
      {({ sourceRemoval: lost }) => (
        <Confirm
          action="Delete for good"
          sending={sending}
          refusal={refusal?.message}
          onConfirm={() => void remove(lost !== null && lost.tables > 0)}
          onCancel={onCancel}
        >
          <p>
            The source <bdi>{name}</bdi> goes for good
            {lost && lost.tables > 0 ? ', and with it:' : '. It has no tables.'}
          </p>
          {lost && <RemovedList removed={lost} withTables />}
          <p>Statements that name its tables fail from then on. The system that it reads is left alone.</p>
        </Confirm>
      )}
    </QueryView>
  );
}
