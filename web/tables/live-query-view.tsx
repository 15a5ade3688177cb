import { useThrottledCallback } from '@mantine/hooks';
import { createRequest, useClient, type AnyVariables } from 'urql';
import { QueryView, type QueryViewProps } from '../query-view.tsx';
import { useSyncEvents } from './use-sync-events.ts';

const betweenMilliseconds = 700;

/** A `QueryView` whose query is asked again whenever something happens in a run, but not more than about once a second. */
export function LiveQueryView<Data, Variables extends AnyVariables>(props: QueryViewProps<Data, Variables>) {
  const { query, variables } = props;
  const client = useClient();
  const askAgain = useThrottledCallback(() => {
    const request = createRequest(query, variables);
    client.reexecuteOperation(client.createRequestOperation('query', request, { requestPolicy: 'network-only' }));
  }, betweenMilliseconds);
  useSyncEvents(askAgain);
  return <QueryView {...props} />;
}
