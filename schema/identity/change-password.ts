import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { changePassword } from '../../src/identity/change-password.ts';
import { ConflictError, InvalidInputError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The viewer’s passwords.',
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'The password as it is.' }),
    newPassword: t.string({ required: true, description: '12 to 256 characters.' }),
  }),
});

const ChangePasswordPayload = builder.objectRef<{ sessionsEnded: number }>('ChangePasswordPayload').implement({
  description: 'The password is changed; this session goes on.',
  fields: (t) => ({ sessionsEnded: t.exposeInt('sessionsEnded', { description: 'How many other sessions ended.' }) }),
});

builder.mutationField('changePassword', (t) =>
  t.field({
    type: ChangePasswordPayload,
    nullable: true,
    description: 'Changes the viewer’s password and ends the viewer’s other sessions. A token cannot do it.',
    authScopes: changePassword.rule,
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'The viewer’s passwords.' }) },
    errors: { types: [TooManyAttemptsError, ConflictError, InvalidInputError] },
    resolve: (_root, { input }, context) => context.run(changePassword, input),
  }),
);
