import { cacheExchange, Client, fetchExchange, mapExchange, subscriptionExchange, type Operation } from 'urql';
import { onResync, socket, tellResync } from './connection.ts';
import { subscribeResuming } from './resuming.ts';

/**
 * The GraphQL client of this page: queries and mutations by `POST /graphql` with the session cookie, subscriptions by the
 * socket, each going on behind its last event when the socket was lost. Whenever what is on the screen may be old, its queries are fetched again.
 */
export function createDataClient(): Client {
  const onScreen = new Map<number, Operation>();
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      mapExchange({ onOperation: (operation) => remember(operation, onScreen) }),
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: subscribeResuming(
              socket,
              { query: request.query ?? '', variables: request.variables },
              { ...sink, error: (fault) => endRefused(fault, sink) },
            ),
          }),
        }),
      }),
    ],
  });
  onResync(() => {
    for (const operation of onScreen.values()) {
      client.reexecuteOperation(
        client.createRequestOperation('query', operation, { requestPolicy: 'network-only' }),
      );
    }
  });
  return client;
}

function endRefused(fault: unknown, sink: { error: (fault: unknown) => void }): void {
  tellResync();
  sink.error(fault);
}

function remember(operation: Operation, onScreen: Map<number, Operation>): void {
  if (operation.kind === 'query') onScreen.set(operation.key, operation);
  if (operation.kind === 'teardown') onScreen.delete(operation.key);
}
