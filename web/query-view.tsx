import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery, type AnyVariables, type TypedDocumentNode } from 'urql';
import { FailureNotice } from './notice.tsx';

export interface QueryViewProps<Data, Variables extends AnyVariables> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  /** What is asked for, as the start of a sentence: `The sessions`. */
  what: string;
  children: (data: Data) => ReactNode;
}

/** Asks a query and shows its answer; until it has come a loader, and when it fails why, with a retry. */
export function QueryView<Data, Variables extends AnyVariables>(props: QueryViewProps<Data, Variables>) {
  const { query, variables, what, children } = props;
  const [{ data, error }, refetch] = useQuery<Data, Variables>({
    query,
    variables,
    requestPolicy: 'cache-and-network',
  });
  if (data && !error) return children(data);
  if (!error) return <Loader size="sm" aria-label={`Loading: ${what}`} role="status" />;
  return <FailureNotice error={error} what={what} retry={() => refetch({ requestPolicy: 'network-only' })} />;
}
