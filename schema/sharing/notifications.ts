import { coreAdmin } from '../../src/access/core-roles.ts';
import { NotFoundError } from '../../src/kernel/errors.ts';
import {
  mayKnowRequest,
  notificationTopic,
  type AccessRequest as AccessRequestRow,
  type Notification as NotificationPayload,
} from '../../src/sharing/access-request.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { AccessRequest } from './access-request.ts';

/** A notification with its place in the outbox, as the hub hands it to `resolve`. */
type NotificationValue = NotificationPayload & { seq: number; at: Date };

const typeNames: Record<NotificationPayload['kind'], string> = {
  accessRequestMade: 'AccessRequestMade',
  accessRequestDecided: 'AccessRequestDecided',
};

const Notification = builder.interfaceRef<NotificationValue>('Notification').implement({
  description: 'Something that one should know.',
  resolveType: ({ kind }) => typeNames[kind],
  fields: (t) => ({
    id: t.id({ description: 'Rises with each notification.', resolve: ({ seq }) => String(seq) }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

async function requestOf({ requestId }: NotificationValue, { loaders }: Context): Promise<AccessRequestRow> {
  const request = await loaders.accessRequests.load(requestId);
  if (!request) throw new NotFoundError('The request is gone.');
  return request;
}

builder.objectRef<NotificationValue>('AccessRequestMade').implement({
  description: 'Somebody asks to read a table; told to administrators.',
  interfaces: [Notification],
  fields: (t) => ({
    request: t.field({
      type: AccessRequest,
      description: 'The request, as it is now.',
      resolve: (event, _args, context) => requestOf(event, context),
    }),
  }),
});

builder.objectRef<NotificationValue>('AccessRequestDecided').implement({
  description: 'A request of yours was approved or denied.',
  interfaces: [Notification],
  fields: (t) => ({
    request: t.field({
      type: AccessRequest,
      description: 'The request, as it is now.',
      resolve: (event, _args, context) => requestOf(event, context),
    }),
  }),
});

builder.subscriptionField('notifications', (t) =>
  t.field({
    type: Notification,
    nullable: true,
    description: 'What the viewer should know, as it happens.',
    authScopes: { signedIn: true },
    extensions: { personal: true },
    source: { topic: notificationTopic, visible: isVisible },
    subscribe: () => {
      throw new Error('subscriptions are fed by the hub');
    },
    resolve: (event) => event as NotificationValue,
  }),
);

function isVisible({ payload }: { payload: NotificationPayload }, _args: unknown, { principal }: Context): boolean {
  if (payload.kind === 'accessRequestDecided') {
    return principal?.userId === payload.userId && mayKnowRequest(principal, payload);
  }
  return principal?.roles.has(coreAdmin.key) ?? false;
}
