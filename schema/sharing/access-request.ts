import { coreAdmin } from '../../src/access/core-roles.ts';
import { mayKnowRequest, type AccessRequest as AccessRequestRow } from '../../src/sharing/access-request.ts';
import { listAccessRequests } from '../../src/sharing/read-access-requests.ts';
import { builder } from '../builder.ts';
import { atKey, readPage } from '../paging.ts';
import { User } from '../people/user.ts';
import { Table } from '../registry/table.ts';

const AccessRequestStatus = builder.enumType('AccessRequestStatus', {
  description: 'How far a request has come.',
  values: {
    PENDING: { value: 'pending', description: 'Nobody has decided.' },
    APPROVED: { value: 'approved', description: 'The asker was given a grant on the table.' },
    DENIED: { value: 'denied', description: 'The asker was given nothing.' },
  } as const,
});

export const AccessRequest = builder.objectRef<AccessRequestRow>('AccessRequest');

builder.node(AccessRequest, {
  description: 'A person asked to read a table.',
  node: {
    rule: { role: 'core.viewer' },
    async load(id, { loaders, principal }) {
      const request = await loaders.accessRequests.load(id);
      return request && mayKnowRequest(principal, request) ? request : null;
    },
  },
  id: { resolve: (request) => request.id, description: 'Global id.' },
  fields: (t) => ({
    user: t.field({
      type: User,
      nullable: true,
      description: 'Who asked.',
      resolve: ({ userId }, _args, { loaders }) => loaders.users.load(userId),
    }),
    tableId: t.id({ description: 'Global id of the table.', resolve: ({ tableId }) => `Table:${tableId}` }),
    table: t.field({
      type: Table,
      nullable: true,
      description: 'The table; null while you may not read it.',
      resolve: ({ tableId }, _args, { services, principal }) =>
        principal && services.tableAccess.canRead(principal, tableId) ? services.registry.table(tableId) : null,
    }),
    reason: t.exposeString('reason', { description: 'What the asker needs it for, in the asker’s words.' }),
    status: t.field({
      type: AccessRequestStatus,
      description: 'How far it has come.',
      resolve: ({ status }) => status,
    }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was made.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When it was decided.' }),
    decidedBy: t.exposeString('decidedBy', {
      nullable: true,
      description: 'The e-mail address of who decided.',
    }),
    note: t.exposeString('note', { nullable: true, description: 'What the one who decided wants the asker to know.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When what was approved ends; null: it has no end, or nothing was approved.',
    }),
  }),
});

const AccessRequestConnection = builder.connectionObject(
  { type: AccessRequest, name: 'AccessRequestConnection', description: 'A page of access requests.' },
  { name: 'AccessRequestEdge', description: 'An access request at its place in the list.' },
);

builder.queryField('accessRequests', (t) =>
  t.field({
    type: AccessRequestConnection,
    nullable: true,
    description: 'Who asked to read which table, newest first: an administrator sees all, everybody else their own.',
    authScopes: { role: 'core.viewer' },
    args: {
      status: t.arg({ type: AccessRequestStatus, description: 'Only requests that have come this far.' }),
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve: (_root, args, { services, principal }) =>
      readPage(args, {
        key: atKey,
        list: (limit, after) =>
          listAccessRequests(services, {
            limit,
            before: after && { at: new Date(after.at), id: after.id },
            status: args.status ?? undefined,
            ...(principal!.roles.has(coreAdmin.key)
              ? {}
              : { userId: principal!.userId, tableIds: principal!.narrowing?.tableIds ?? undefined }),
          }),
        keyOf: ({ requestedAt, id }) => ({ at: requestedAt.getTime(), id }),
      }),
  }),
);
