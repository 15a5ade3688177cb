import { useEffect, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { SampleRowsQuery, type SampleRows } from './documents.ts';
import { sampleRowLimit } from './sample-statement.ts';

type Sample =
  | { state: 'waiting' | 'loading' }
  | { state: 'failed'; error: CombinedError }
  | { state: 'there'; rows: SampleRows };

interface Asked {
  statement: string;
  /** Names what the table holds, so that other contents are asked for anew; null: nothing is asked yet. */
  contents: string | null;
}

/** Some rows of a table. They are asked for once for each contents, and not again because something else on the page may be old. */
export function useSampleRows({ statement, contents }: Asked): { sample: Sample; retry: () => void } {
  const client = useClient();
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ to: string; sample: Sample } | null>(null);
  const question = contents === null ? null : `${contents} ${attempt}`;
  useEffect(() => {
    if (question === null) return;
    let isCurrent = true;
    void client
      .query(SampleRowsQuery, { statement, limit: sampleRowLimit }, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data, error }) => {
        if (!isCurrent) return;
        if (data?.sql) setAnswer({ to: question, sample: { state: 'there', rows: data.sql } });
        else if (error) setAnswer({ to: question, sample: { state: 'failed', error } });
      });
    return () => {
      isCurrent = false;
    };
  }, [client, statement, question]);
  return { sample: shownSample(question, answer), retry: () => setAttempt((last) => last + 1) };
}

/** Rows stay until others have come; a failure only until it is tried again. */
function shownSample(question: string | null, answer: { to: string; sample: Sample } | null): Sample {
  if (question === null) return { state: 'waiting' };
  if (answer && (answer.to === question || answer.sample.state === 'there')) return answer.sample;
  return { state: 'loading' };
}
