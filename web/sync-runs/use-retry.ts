import { useState } from 'react';
import { useClient } from 'urql';
import { describeFailure } from '../data/failure.ts';
import { useChange } from '../data/use-change.ts';
import type { ResultOf } from '../graphql.ts';
import { SyncSourceMutation } from '../sources/documents.ts';
import { RunAgainQuery } from './documents.ts';

type Again = NonNullable<ResultOf<typeof RunAgainQuery>['syncRun']>;

/** Asks for what a run did not bring once more; `retry` resolves to the id of the new run, or null when it was refused. */
export function useRetry(id: string) {
  const client = useClient();
  const { send, refusal, sending } = useChange(SyncSourceMutation);
  const [fault, setFault] = useState<string | null>(null);

  async function retry(): Promise<string | null> {
    setFault(null);
    const { data, error } = await client.query(RunAgainQuery, { id }, { requestPolicy: 'network-only' }).toPromise();
    const run = data?.syncRun;
    if (error || !run?.source) {
      setFault(error ? describeFailure(error).message : 'The source of this run is gone.');
      return null;
    }
    const tables = tablesToRetry(run);
    if (tables.length === 0) {
      setFault('The tables of this run are gone.');
      return null;
    }
    const done = await send({ source: run.source.name, tables, fullRefresh: run.fullRefresh, tasks: run.tasks });
    return done?.run.id ?? null;
  }

  return { retry, refusal: fault ?? refusal?.message, sending };
}

/** Where others were published, those that failed; where nothing was, all. */
function tablesToRetry({ state, tables }: Again): string[] {
  const wanted = state === 'PARTIAL' ? tables.filter((entry) => entry.state !== 'SUCCEEDED') : tables;
  return wanted.flatMap(({ table }) => (table ? [table.id] : []));
}
