import type { Services } from '../../src/operation/services.ts';
import { sha256 } from '../../src/kernel/ids.ts';
import type { Principal } from '../../src/operation/principal.ts';
import { accessTopic, listenerKey, type AccessChanges } from '../../src/sharing/readable-change.ts';
import { Role, rolesNamed } from '../access/role.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { readableTables, Table } from '../registry/table.ts';

interface AccessChangedValue {
  readonly at: Date;
  readonly principal: Principal;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const AccessChanged = builder.objectRef<AccessChangedValue>('AccessChanged').implement({
  description: 'What the viewer may read, or the roles of the viewer, became something else.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was noticed.' }),
    accessVersion: t.string({
      description: 'Names what the viewer may read and be now; equal versions mean equal access.',
      resolve: ({ principal }, _args, { services }) => versionOf(services, principal),
    }),
    roles: t.field({
      type: [Role],
      description: 'The roles in effect now, by key.',
      resolve: ({ principal }, _args, { services }) => rolesNamed(services, [...principal.roles].toSorted()),
    }),
    added: t.field({
      type: [Table],
      description: 'The tables that the viewer may read now and could not before, by SQL name.',
      resolve: ({ added, principal }, _args, { services }) => {
        const ids = new Set(added);
        return readableTables(services, principal).filter(({ id }) => ids.has(id));
      },
    }),
    removed: t.idList({
      description: 'Global ids of the tables that the viewer could read before and may not now.',
      resolve: ({ removed, principal }, _args, { services }) => {
        const readable = services.tableAccess.readableSet(principal);
        return removed.filter((id) => !readable.has(id)).map((id) => `Table:${id}`);
      },
    }),
  }),
});

function versionOf(services: Services, principal: Principal): string {
  return sha256(JSON.stringify([services.tableAccess.readableSet(principal).key, [...principal.roles].toSorted()]));
}

builder.subscriptionField('accessChanged', (t) =>
  t.field({
    type: AccessChanged,
    nullable: true,
    description:
      'Tells the viewer, and nobody else, that what the viewer may read or be has changed, also when a grant begins or ends by itself.',
    authScopes: { signedIn: true },
    extensions: { personal: true },
    source: { topic: accessTopic, visible: isVisible },
    subscribe: () => {
      throw new Error('subscriptions are fed by the hub');
    },
    resolve: (event, _args, { principal }) => {
      const { changes, at } = event as AccessChanges & { at: Date };
      return { at, principal: principal!, ...changes.get(listenerKey(principal!))! };
    },
  }),
);

function isVisible({ payload }: { payload: AccessChanges }, _args: unknown, { principal }: Context): boolean {
  return principal !== null && payload.changes.has(listenerKey(principal));
}
