import type { ExecutionResult } from 'graphql';

/** A stream without items: what is alive as long as a subscription is, for protocols that wait for the end of one. */
export interface LiveStream extends AsyncIterableIterator<ExecutionResult> {
  return(): Promise<IteratorResult<ExecutionResult>>;
  /** Ends it from our side: waiting readers see the end, or the error. */
  end(error: Error | null): void;
}

/** A live stream; `onEnd` runs once, whoever ends it. */
export function createLiveStream(onEnd: () => void): LiveStream {
  const last: IteratorResult<ExecutionResult> = { done: true, value: undefined };
  const { promise, resolve, reject } = promiseWithResolvers<IteratorResult<ExecutionResult>>();
  promise.catch(() => {});
  let ended = false;
  function end(error: Error | null): void {
    if (ended) return;
    ended = true;
    if (error) reject(error);
    else resolve(last);
    onEnd();
  }
  return {
    next: () => promise,
    async return() {
      end(null);
      return last;
    },
    end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function promiseWithResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}
