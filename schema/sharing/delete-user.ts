import { LastAdminError } from '../../src/access/administrator-remains.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { deleteUser, previewRemoval, type RemovedWithUser } from '../../src/sharing/delete-user.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';

const DeleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'Whom to remove.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the user; not your own.' }) }),
});

const RemovedWithUserType = builder.objectRef<RemovedWithUser>('RemovedWithUser').implement({
  description: 'How much was removed along with a user.',
  fields: (t) => ({
    devices: t.exposeInt('devices', { description: 'Devices that were let in.' }),
    sessions: t.exposeInt('sessions', { description: 'Sessions, expired ones too.' }),
    tokens: t.exposeInt('tokens', { description: 'Personal access tokens, revoked and expired ones too.' }),
    identities: t.exposeInt('identities', { description: 'Who the user was at sign-in providers.' }),
    roleGrants: t.exposeInt('roleGrants', { description: 'Roles given directly.' }),
    externalGroups: t.exposeInt('externalGroups', { description: 'Memberships of external groups.' }),
    tableGrants: t.exposeInt('tableGrants', { description: 'Table grants to the user, not those to a role.' }),
    accessRequests: t.exposeInt('accessRequests', {
      description: 'Requests of the user to read a table, decided ones too.',
    }),
    syncChoices: t.exposeInt('syncChoices', { description: 'The choice of tables for laptops.' }),
    uploads: t.exposeInt('uploads', { description: 'Notes and logs from laptops with their files.' }),
    exports: t.exposeInt('exports', {
      description: 'Exports of results with their files, failed and expired ones too.',
    }),
  }),
});

builder.queryField('userRemoval', (t) =>
  t.field({
    type: RemovedWithUserType,
    nullable: true,
    authScopes: deleteUser.rule,
    description: 'What `deleteUser` would remove along with this user now; null when there is no such user.',
    args: { id: t.arg.id({ required: true, description: 'Global id of the user.' }) },
    resolve: (_root, { id: globalId }, { services }) => {
      const id = globalId.startsWith('User:') ? globalId.slice('User:'.length) : '';
      return services.accessIndex.user(id) ? previewRemoval(services, id) : null;
    },
  }),
);

const DeleteUserPayload = builder
  .objectRef<{ id: string; email: string; removed: RemovedWithUser }>('DeleteUserPayload')
  .implement({
    description: 'Who was removed, and what went along.',
    fields: (t) => ({
      id: t.id({ description: 'The former global id of the user.', resolve: ({ id }) => `User:${id}` }),
      email: t.exposeString('email', { description: 'The former e-mail address, which is free now.' }),
      removed: t.expose('removed', { type: RemovedWithUserType, description: 'What went along.' }),
    }),
  });

builder.mutationField('deleteUser', (t) =>
  t.field({
    type: DeleteUserPayload,
    nullable: true,
    description:
      'Removes a user with all sessions, tokens, identities, role grants, table grants, access requests, exports and uploads, for good. The audit keeps what the user did.',
    authScopes: deleteUser.rule,
    args: { input: t.arg({ type: DeleteUserInput, required: true, description: 'Whom to remove.' }) },
    errors: { types: [NotFoundError, ConflictError, LastAdminError, InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(deleteUser, { id: storedId('User', input.id) }),
  }),
);
