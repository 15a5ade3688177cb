import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { createContext } from '../../schema/context.ts';
import { schema } from '../../schema/schema.ts';
import { Failure } from '../kernel/errors.ts';
import type { Principal } from '../operation/principal.ts';
import { executeWithinTime } from './execute.ts';
import { clientAddress, clientOf } from './client-address.ts';
import { principalOfPresented, type Instance } from './instance.ts';
import { maskError } from './mask-error.ts';
import type { PresentedCredential } from './presented-credential.ts';
import type { SubscriptionHub } from './subscription-hub.ts';
import type { OperationToExecute } from './websocket-operations.ts';
import { createWebSocketDoor, webSocketLimits, type WebSocketDoor } from './websocket.ts';

/** The WebSocket door of an instance; it authenticates, executes and masks by the same functions as HTTP. */
export function openSockets(instance: Instance, hub: SubscriptionHub): WebSocketDoor {
  return createWebSocketDoor({
    ...instance,
    schema,
    hub,
    developmentMode: instance.developmentEmail !== null,
    limits: webSocketLimits,
    authenticate: (presented, request) => authenticate(instance, presented, request),
    principalOf: (credential) => instance.services.currentPrincipal(credential as Principal),
    execute: (operation) => execute(instance, operation),
  });
}

async function execute(instance: Instance, given: OperationToExecute): Promise<ExecutionResult> {
  const { services, facts, log } = instance;
  const { document, operation, variables, principal, signal } = given;
  const client = clientOf(instance, given.request);
  const requestId = randomUUID();
  const result = await executeWithinTime({
    schema,
    document,
    operationName: operation.name?.value,
    variableValues: variables,
    contextValue: createContext({ principal, requestId, signal, client, services, instance: facts }),
  });
  return { ...result, errors: result.errors?.map((error) => maskError(error, { requestId, log })) };
}

async function authenticate(
  instance: Instance,
  presented: PresentedCredential,
  request: IncomingMessage,
): Promise<Principal | null> {
  try {
    return await principalOfPresented(instance, presented, clientAddress(instance, request));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
