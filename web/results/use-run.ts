import { useEffect, useRef, useState } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { uncachedClient } from '../data/uncached-client.ts';
import { describeFailure } from '../data/failure.ts';

/** Where a run stands; `number` tells one answer from the next. */
export type Run<Data> =
  | { state: 'none' }
  | { state: 'running'; since: number }
  | { state: 'done'; data: Data; number: number }
  | { state: 'failed'; message: string }
  | { state: 'cancelled' };

/** Runs statements, one at a time. Cancelling, or leaving the page, ends the request, and the server stops the statement. */
export function useRun<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>) {
  const [run, setRun] = useState<Run<Data>>({ state: 'none' });
  const leave = useRef<() => void>(undefined);
  const count = useRef(0);
  useEffect(() => () => leave.current?.(), []);

  function start(variables: Variables): void {
    leave.current?.();
    setRun({ state: 'running', since: Date.now() });
    const asked = uncachedClient.query<Data, Variables>(document, variables).subscribe(({ data, error }) => {
      asked.unsubscribe();
      count.current += 1;
      if (data && !error) setRun({ state: 'done', data, number: count.current });
      else setRun({ state: 'failed', message: error ? describeFailure(error).message : 'The server gave no answer.' });
    });
    leave.current = asked.unsubscribe;
  }

  function cancel(): void {
    leave.current?.();
    setRun({ state: 'cancelled' });
  }

  return { run, start, cancel };
}
