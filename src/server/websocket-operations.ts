import { asGraphQLError } from '../../schema/rules.ts';
import type { IncomingMessage } from 'node:http';
import type { ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { CloseCode, makeServer, type Context, type Server, type SubscribePayload } from 'graphql-ws';
import { UnauthenticatedError } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { codedError } from './coded-error.ts';
import { parseAndValidate, type ValidDocument } from './document.ts';
import { createLiveStream, type LiveStream } from './live-stream.ts';
import { NextMessages } from './next-message.ts';
import { originAllowed, type OriginLaw } from './origin.ts';
import { needsOrigin, presentedCredential, type PresentedCredential } from './presented-credential.ts';
import type { CredentialHandle } from './subscription-access.ts';
import type { SubscriptionHub } from './subscription-hub.ts';
import { send, type SocketExtra, type SocketLimits } from './websocket-connection.ts';

/** A query or mutation that passed the limits, on behalf of somebody. */
export interface OperationToExecute extends ValidDocument {
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly principal: Principal;
  readonly credential: CredentialHandle;
  readonly request: IncomingMessage;
  /** Aborted when the socket is gone. */
  readonly signal: AbortSignal;
}

export interface OperationLimits {
  readonly connectionInitSeconds: number;
  /** Operations that one socket may run at the same time, subscriptions included. */
  readonly operations: number;
}

export interface SocketOperations extends OriginLaw {
  readonly schema: GraphQLSchema;
  readonly hub: SubscriptionHub;
  readonly developmentMode: boolean;
  readonly limits: OperationLimits & SocketLimits;
  /** Checks a credential once, at the door; null refuses. `none` is the development user, or nobody. */
  authenticate(presented: PresentedCredential, request: IncomingMessage): Promise<CredentialHandle | null>;
  /** Who the credential stands for now; asked again for every operation. */
  principalOf(credential: CredentialHandle): Principal | null;
  /** Executes and masks; the same function as behind HTTP. */
  execute(operation: OperationToExecute): Promise<ExecutionResult>;
}

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** What travels through graphql-ws as the context value of an operation. */
type Started = { readonly stream: LiveStream } | { readonly run: () => Promise<ExecutionResult> };

/** The protocol graphql-transport-ws over the hub and over `execute`. */
export function graphqlOverSockets(options: SocketOperations): Server<SocketExtra> {
  const messages = new NextMessages();
  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: options.limits.connectionInitSeconds * 1_000,
    onConnect: (context) => connect(context, options),
    onSubscribe: (context, id, payload) => start({ context, id, payload, messages }, options),
    execute: (args) => started(args).run(),
    subscribe: (args) => started(args).stream,
  });
}

function started(args: ExecutionArgs) {
  return args.contextValue as { stream: LiveStream; run: () => Promise<ExecutionResult> };
}

async function connect(
  { connectionParams, extra }: SocketContext,
  options: SocketOperations,
): Promise<boolean | { lastEventId: string }> {
  const { headers } = extra.request;
  const { publicUrl, corsOrigins, developmentMode } = options;
  const authorization = authorizationParameter(connectionParams) ?? headers.authorization;
  const presented = presentedCredential({ authorization, cookie: headers.cookie }, publicUrl);
  const askOrigin = needsOrigin(presented, { origin: headers.origin, developmentMode });
  if (askOrigin && !originAllowed({ origin: headers.origin, publicUrl, corsOrigins })) {
    return refuse(CloseCode.Forbidden, 'This origin may not use the session; send a token.');
  }
  extra.credential = await options.authenticate(presented, extra.request);
  const principal = extra.credential && options.principalOf(extra.credential);
  if (principal) {
    const lastEventId = options.hub.lastEventId(principal);
    return lastEventId === null || { lastEventId };
  }
  const shown = presented.kind === 'bearer' || presented.kind === 'malformed';
  return refuse(CloseCode.Unauthorized, shown ? 'The token is not valid.' : 'Sign in first.');

  function refuse(code: CloseCode, reason: string): false {
    extra.webSocket.close(code, reason);
    return false;
  }
}

/** Clients write the name as they like; one that is not understood must never give way to the cookie. */
function authorizationParameter(parameters: Record<string, unknown> | undefined): unknown {
  return Object.entries(parameters ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}

interface SubscribeMessage {
  readonly context: SocketContext;
  readonly id: string;
  readonly payload: SubscribePayload;
  readonly messages: NextMessages;
}

function start(message: SubscribeMessage, options: SocketOperations): ExecutionArgs | readonly GraphQLError[] {
  const { extra } = message.context;
  const { credential } = extra;
  const principal = credential && options.principalOf(credential);
  if (!principal) return [asGraphQLError(new UnauthenticatedError('The credential is no longer valid.'))];
  if (extra.running >= options.limits.operations) {
    const limit = options.limits.operations;
    return [codedError('TOO_MANY_OPERATIONS', `One connection runs at most ${limit} operations at a time.`)];
  }
  const { query, operationName, variables } = message.payload;
  const valid = parseAndValidate(options.schema, query, operationName);
  if ('errors' in valid) return valid.errors;
  const { request, gone } = extra;
  const operation: OperationToExecute = { ...valid, variables, principal, credential, request, signal: gone };
  const contextValue =
    valid.operation.operation === 'subscription'
      ? listen(message, operation, options)
      : { run: () => runCounted(extra, () => options.execute(operation)) };
  if ('errors' in contextValue) return contextValue.errors;
  extra.running += 1;
  return {
    schema: options.schema,
    document: valid.document,
    operationName: valid.operation.name?.value,
    contextValue: contextValue satisfies Started,
  };
}

async function runCounted<Result>(extra: SocketExtra, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } finally {
    extra.running -= 1;
  }
}

/** Results go to the socket directly, as the hub hands them out; graphql-ws only sees that the stream is alive. */
function listen({ context, id, messages }: SubscribeMessage, operation: OperationToExecute, options: SocketOperations) {
  const { extra } = context;
  const { unsentBytes } = options.limits;
  const opening = messages.opening(id);
  let lastId: string | null = null;
  const stream = createLiveStream(() => {
    extra.running -= 1;
    extra.subscriptions.delete(id);
    leave();
  });
  const joined = options.hub.join(operation, {
    credential: operation.credential,
    deliver(json, eventId) {
      if (!send(extra, messages.around(json, opening), unsentBytes)) return stream.end(null);
      lastId = eventId;
    },
    canTake: () => extra.webSocket.bufferedAmount <= unsentBytes / 16,
    end: (error) => stream.end(error),
  });
  const leave = 'leave' in joined ? joined.leave : () => {};
  if ('errors' in joined) return joined;
  lastId = joined.eventId;
  extra.subscriptions.set(id, () => lastId);
  return { stream };
}
