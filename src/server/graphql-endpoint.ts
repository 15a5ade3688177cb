import type { IncomingMessage, ServerResponse } from 'node:http';
import { schema } from '../../schema/schema.ts';
import type { Principal } from '../operation/principal.ts';
import type { OperationRequest } from './body.ts';
import { parseAndValidate } from './document.ts';
import { createGraphqlHandler } from './graphql-http.ts';
import type { Instance } from './instance.ts';
import { streamResult, streamSubscription, wantsEventStream } from './sse.ts';
import type { SubscriptionHub } from './subscription-hub.ts';

/** One request to `/graphql` whose body was read and whose credential was checked. */
export interface GraphqlExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: OperationRequest;
  readonly principal: Principal | null;
  readonly requestId: string;
}

export type GraphqlEndpoint = (exchange: GraphqlExchange) => Promise<void>;

/** Queries and mutations go to Yoga; subscriptions over server-sent events go to the hub. */
export function createGraphqlEndpoint(instance: Instance, hub: SubscriptionHub): GraphqlEndpoint {
  const answerOperation = createGraphqlHandler(instance);
  return async ({ request, response, body, principal, requestId }) => {
    if (wantsEventStream(request.headers.accept)) {
      const streamed = answerEventStream(hub, { request, response, body, principal });
      if (streamed) return;
    }
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    await answerOperation(Object.assign(request, { body }), response, { principal, requestId, signal: gone.signal });
  };
}

/** Whether the request was a subscription, or a document that nothing can be said about but its faults. */
function answerEventStream(
  hub: SubscriptionHub,
  given: Pick<GraphqlExchange, 'request' | 'response' | 'body' | 'principal'>,
): boolean {
  const asked = given.body;
  const valid = parseAndValidate(schema, asked.query, asked.operationName);
  if ('errors' in valid) {
    streamResult(given.response, valid);
    return true;
  }
  if (valid.operation.operation !== 'subscription') return false;
  if (given.principal === null) {
    streamResult(given.response, {
      errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    return true;
  }
  streamSubscription(given.response, {
    hub,
    subscription: { ...valid, variables: asked.variables, lastEventId: lastEventIdOf(given.request) },
    credential: given.principal,
  });
  return true;
}

function lastEventIdOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}
