import { asGraphQLError } from '../../schema/rules.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { createContext, type Context } from '../../schema/context.ts';
import { schema } from '../../schema/schema.ts';
import { Failure } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { limitRules, parseWithinLimits } from './document.ts';
import { executeWithinTime } from './execute.ts';
import { clientOf } from './client-address.ts';
import type { Instance } from './instance.ts';
import { maskError } from './mask-error.ts';
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts';

/** What the listener found out about a request before Yoga sees it. */
export interface RequestFacts {
  readonly principal: Principal | null;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** Answers GraphQL queries and mutations over HTTP. The listener has limited and parsed the body, and has authenticated. */
export type GraphqlHandler = (
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
  facts: RequestFacts,
) => Promise<void>;

interface ServerContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly facts: RequestFacts;
}

/** Makes the handler; errors are masked and limits kept by the same functions as on sockets. */
export function createGraphqlHandler(instance: Instance): GraphqlHandler {
  const yoga = createYoga<ServerContext, Context>({
    schema,
    maxRequestBodySize: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
    context: ({ req, res, facts }) => requestContext(instance, { req, res, facts }),
    maskedErrors: { maskError: (error) => error as Error },
    plugins: [doorPlugin(instance)],
  });
  return async (request, response, facts) => {
    await yoga(request, response, { req: request, res: response, facts });
  };
}

function requestContext(instance: Instance, { req, res, facts }: ServerContext): Context {
  const { services, facts: instanceFacts } = instance;
  return createContext({
    principal: facts.principal,
    requestId: facts.requestId,
    signal: facts.signal,
    services,
    instance: instanceFacts,
    client: clientOf(instance, req),
    clearSession: () => void res.setHeader('Set-Cookie', clearSessionCookie(instance.publicUrl)),
    setSession: ({ secret, expiresAt }) => {
      const maxAgeSeconds = Math.floor((expiresAt.getTime() - services.clock.now().getTime()) / 1000);
      res.setHeader('Set-Cookie', setSessionCookie(secret, instance.publicUrl, maxAgeSeconds));
    },
    ...(req.method === 'GET' && { refusesStatements: true }),
  });
}

function doorPlugin(instance: Instance): Plugin<ServerContext> {
  return {
    onParse: ({ setParseFn }) => setParseFn((source: string) => parseWithinLimits(source)),
    onValidate: ({ addValidationRule }) => limitRules.forEach(addValidationRule),
    onExecute: ({ setExecuteFn }) => setExecuteFn(executeWithinTime),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(refuseSubscription),
    onResultProcess: ({ result, setResult, serverContext }) => {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return;
      const { requestId } = (serverContext as unknown as ServerContext).facts;
      const errors = result.errors.map((error) => maskError(error, { requestId, log: instance.log }));
      setResult({ ...result, errors });
    },
  };
}

/** A subscription was sent where one answer is expected: use a WebSocket, or `Accept: text/event-stream`. */
export class StreamNeededError extends Failure {
  readonly code = 'STREAM_NEEDED';

  constructor() {
    super('Subscriptions are answered over a WebSocket, or with `Accept: text/event-stream`.');
  }
}

/** Subscriptions that can be answered have gone to the hub before. */
function refuseSubscription(): ExecutionResult {
  return { errors: [asGraphQLError(new StreamNeededError())] };
}
