import { findAuditEvent, listAuditEvents } from '../../src/audit/read-audit-events.ts';
import type { AuditEvent as AuditEventRow } from '../../src/audit/audit-event.ts';
import { builder } from '../builder.ts';
import { atKey, readPage } from '../paging.ts';

const AuditEvent = builder.objectRef<AuditEventRow>('AuditEvent');

builder.node(AuditEvent, {
  description: 'Something somebody did; every mutation writes one in its own transaction.',
  authScopes: { role: 'core.admin' },
  runScopesOnType: true,
  node: { rule: { role: 'core.admin' }, load: (id, { services }) => findAuditEvent(services.store, id) },
  id: { resolve: (event) => event.id, description: 'Global id.' },
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    actor: t.exposeString('actor', { description: 'The e-mail address of who did it, `system`, or `nobody`.' }),
    credential: t.exposeString('credential', { description: 'The kind of credential the actor used.' }),
    action: t.exposeString('action', { description: 'Such as `role.granted`.' }),
    resource: t.exposeString('resource', { description: 'What it was done to, `<kind>:<id>`.' }),
    details: t.expose('details', {
      type: 'JSON',
      description: 'What else is worth knowing; its shape follows the action.',
    }),
    requestId: t.exposeString('requestId', {
      description: 'The request it happened in, as answers and the log name it.',
    }),
  }),
});

const AuditEventConnection = builder.connectionObject(
  { type: AuditEvent, name: 'AuditEventConnection', description: 'A page of audit events.' },
  { name: 'AuditEventEdge', description: 'An audit event at its place in the list.' },
);

builder.queryField('auditEvents', (t) =>
  t.field({
    type: AuditEventConnection,
    nullable: true,
    description: 'What was done, newest first.',
    authScopes: { role: 'core.admin' },
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
      actor: t.arg.string({ description: 'Only what this one did: an e-mail address, `system` or `nobody`.' }),
      action: t.arg.string({ description: 'Only this action, such as `role.granted`.' }),
      actionPrefix: t.arg.string({ description: 'Only actions that begin so, such as `role.`.' }),
      resource: t.arg.string({ description: 'Only what was done to this, `<kind>:<id>`; a global id will do.' }),
      since: t.arg({ type: 'DateTime', description: 'Only from this instant on.' }),
      until: t.arg({ type: 'DateTime', description: 'Only before this instant.' }),
    },
    resolve: (_root, args, { services }) =>
      readPage(args, {
        key: atKey,
        list: (limit, after) =>
          listAuditEvents(services.store, {
            limit,
            before: after && { at: new Date(after.at), id: after.id },
            actor: args.actor?.trim().toLowerCase(),
            action: args.action ?? undefined,
            actionPrefix: args.actionPrefix ?? undefined,
            resource: args.resource?.replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
            since: args.since ?? undefined,
            until: args.until ?? undefined,
          }),
        keyOf: ({ at, id }) => ({ at: at.getTime(), id }),
      }),
  }),
);
