import { deleteUpload } from '../../src/distribution/delete-upload.ts';
import type { Upload as UploadRow } from '../../src/distribution/upload.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';

const DeleteUploadInput = builder.inputType('DeleteUploadInput', {
  description: 'Which upload to remove.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the upload.' }) }),
});

const DeleteUploadPayload = builder.objectRef<UploadRow>('DeleteUploadPayload').implement({
  description: 'The upload was removed, with its content.',
  fields: (t) => ({
    id: t.id({ description: 'The former global id.', resolve: ({ id }) => `Upload:${id}` }),
    name: t.exposeString('name', { description: 'The former name.' }),
  }),
});

builder.mutationField('deleteUpload', (t) =>
  t.field({
    type: DeleteUploadPayload,
    nullable: true,
    description: 'Removes something that the viewer sent from a laptop, or that anybody sent for an administrator.',
    authScopes: deleteUpload.rule,
    args: { input: t.arg({ type: DeleteUploadInput, required: true, description: 'Which upload to remove.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(deleteUpload, { id: storedId('Upload', input.id) }),
  }),
);
