import {
  listUploads,
  readUpload,
  readUploadRoom,
  readUploadsWith,
  signedUploadPath,
} from '../../src/distribution/read-uploads.ts';
import type { Upload as UploadRow } from '../../src/distribution/upload.ts';
import { InvalidInputError } from '../../src/kernel/errors.ts';
import type { Principal } from '../../src/operation/principal.ts';
import type { Services } from '../../src/operation/services.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Viewer } from '../identity/viewer.ts';
import { atKey, readPage, type PageArguments } from '../paging.ts';
import { User } from '../people/user.ts';
import { asGraphQLError } from '../rules.ts';

const mostContents = 10_000;

const UploadKind = builder.enumType('UploadKind', {
  description: 'What a file is that somebody sent from a laptop.',
  values: {
    NOTE: { value: 'note', description: 'A note of a workspace.' },
    SESSION_LOG: { value: 'sessionLog', description: 'The log of a session of a program that worked in a workspace.' },
  } as const,
});

export const Upload = builder.objectRef<UploadRow>('Upload');

builder.node(Upload, {
  extensions: { personal: true },
  description: 'A note or a log that somebody sent from a laptop; who sent it and administrators can see it.',
  node: {
    rule: { role: 'core.viewer' },
    load: (id, { services, principal }) => readUpload(services, { id, principal }),
  },
  id: { resolve: (row) => row.id, description: 'Global id.' },
  fields: (t) => ({
    kind: t.expose('kind', { type: UploadKind, description: 'What it is.' }),
    name: t.exposeString('name', {
      description:
        'Its path in the workspace when it was sent. A file that changed is another upload of the same name.',
    }),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', description: 'The size of the content.' }),
    sha256: t.exposeString('sha256', {
      description: 'SHA-256 of the content, in hex; each person has a content once.',
    }),
    storedAt: t.expose('storedAt', { type: 'DateTime', description: 'When it was stored.' }),
    owner: t.field({
      type: User,
      nullable: true,
      description: 'Who sent it.',
      resolve: ({ userId }, _args, { loaders }) => loaders.users.load(userId),
    }),
    url: t.string({
      nullable: true,
      description:
        'Where the content can be fetched as a file, for an hour from this answer, without any header. It works only while the viewer, with the credential of this request, may see the upload. Give it to nobody.',
      resolve: (row, _args, { services, principal, instance }) =>
        principal && `${instance.publicUrl}${signedUploadPath(services, row, principal)}`,
    }),
  }),
});

const UploadConnection = builder.connectionObject(
  { type: Upload, name: 'UploadConnection', description: 'A page of uploads.' },
  { name: 'UploadEdge', description: 'An upload at its place in the list.' },
);

const UploadRoom = builder.objectRef<{ fileBytes: number; leftBytes: number }>('UploadRoom').implement({
  description: 'What may be sent.',
  fields: (t) => ({
    fileBytes: t.expose('fileBytes', { type: 'BigInt', description: 'How large one file may be.' }),
    leftBytes: t.expose('leftBytes', { type: 'BigInt', description: 'How much more the viewer may send in all.' }),
  }),
});

function pageOfUploads(
  services: Services,
  { args, principal, userId }: { args: PageArguments; principal: Principal; userId?: string | undefined },
) {
  return readPage(args, {
    key: atKey,
    list: (limit, after) =>
      listUploads(services, { principal, userId, limit, before: after && { at: new Date(after.at), id: after.id } }),
    keyOf: ({ storedAt, id }) => ({ at: storedAt.getTime(), id }),
  });
}

builder.queryField('uploads', (t) =>
  t.field({
    type: UploadConnection,
    nullable: true,
    extensions: { personal: true },
    description: 'What everybody sent from laptops, newest first.',
    authScopes: { role: 'core.admin' },
    args: {
      user: t.arg.id({ description: 'Global id of a user: only what this user sent.' }),
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve(_root, args, { services, principal }) {
      const userId = args.user == null ? undefined : storedId('User', args.user);
      return pageOfUploads(services, { args, principal: principal!, userId });
    },
  }),
);

builder.objectField(Viewer, 'uploads', (t) =>
  t.field({
    type: UploadConnection,
    description: 'What the viewer sent from laptops, newest first.',
    args: {
      first: t.arg.int({ description: 'How many at most, 1 to 500; 50 unless given.' }),
      after: t.arg.string({ description: 'The cursor behind which to begin.' }),
    },
    resolve: (viewer, args, { services }) =>
      pageOfUploads(services, { args, principal: viewer.principal, userId: viewer.principal.userId }),
  }),
);

builder.objectField(Viewer, 'uploadsWith', (t) =>
  t.field({
    type: [Upload],
    description: 'Which of these contents the viewer has sent already: they need not be sent again.',
    args: { sha256: t.arg.stringList({ required: true, description: 'SHA-256 of contents in hex, 10,000 at most.' }) },
    resolve(viewer, { sha256 }, { services }) {
      if (sha256.length > mostContents) {
        throw asGraphQLError(new InvalidInputError([{ path: 'sha256', message: `Give ${mostContents} at most.` }]));
      }
      return readUploadsWith(services, { principal: viewer.principal, sha256 });
    },
  }),
);

builder.objectField(Viewer, 'uploadRoom', (t) =>
  t.field({
    type: UploadRoom,
    description: 'What the viewer may send.',
    resolve: (viewer, _args, { services }) => readUploadRoom(services, viewer.principal),
  }),
);
