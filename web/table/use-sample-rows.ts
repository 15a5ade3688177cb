import { useEffect, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { SampleRowsQuery, type SampleRows } from './documents.ts';
import { sampleRowLimit } from './sample-statement.ts';

type Sample =
  | { state: 'waiting' }
  | { state: 'loading' }
  | { state: 'failed'; error: CombinedError }
  | { state: 'there'; rows: SampleRows };

interface Asked {
  statement: string;
  /** What the table holds: another version is asked for anew. */
  version: string | null;
  /** False: nothing is asked yet. */
  wanted: boolean;
}

/** Some rows of a table. They are asked for once for each version, and never again because something else on the page may be old. */
export function useSampleRows({ statement, version, wanted }: Asked): { sample: Sample; retry: () => void } {
  const client = useClient();
  const [attempt, setAttempt] = useState(0);
  const [sample, setSample] = useState<Sample>({ state: 'waiting' });
  useEffect(() => {
    if (!wanted) return;
    let isCurrent = true;
    setSample((last) => (last.state === 'there' ? last : { state: 'loading' }));
    void client
      .query(SampleRowsQuery, { statement, limit: sampleRowLimit }, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data, error }) => {
        if (!isCurrent) return;
        if (data?.sql) setSample({ state: 'there', rows: data.sql });
        else if (error) setSample({ state: 'failed', error });
      });
    return () => {
      isCurrent = false;
    };
  }, [client, statement, version, wanted, attempt]);
  return { sample, retry: () => setAttempt((last) => last + 1) };
}
