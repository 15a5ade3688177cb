import { TooManyCodesError } from '../src/identity/device-pace.ts';
import { TooManyAttemptsError } from '../src/identity/attempts.ts';
import { SetupClosedError } from '../src/identity/complete-setup.ts';
import { LinkNotValidError } from '../src/identity/mailed-link.ts';
import { MailNotConfiguredError } from '../src/identity/mailer.ts';
import { SignInRefusedError } from '../src/identity/sign-in.ts';
import { LastAdminError } from '../src/access/administrator-remains.ts';
import {
  ConflictError,
  type Failure,
  InvalidInputError,
  NotFoundError,
  type FieldFault,
} from '../src/kernel/errors.ts';
import { builder } from './builder.ts';

/** What every expected failure implements. */
export const ErrorInterface = builder.interfaceRef<Failure>('Error').implement({
  description: 'An expected failure of a mutation.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable; programs may rely on it.' }),
    message: t.exposeString('message', { description: 'One sentence for a person.' }),
  }),
});

const FieldFaultType = builder.objectRef<FieldFault>('FieldFault').implement({
  description: 'One fault of an input.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it stands in the input, with dots between.' }),
    message: t.exposeString('message', { description: 'What is wrong and what to do.' }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'What was named does not exist.',
  interfaces: [ErrorInterface],
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'The change contradicts what is stored.',
  interfaces: [ErrorInterface],
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input does not say what is needed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    fields: t.field({
      type: [FieldFaultType],
      description: 'Every fault.',
      resolve: (error) => [...error.fields],
    }),
  }),
});

builder.objectType(LastAdminError, {
  name: 'LastAdminError',
  description: 'The change would leave no active administrator whose role was given directly and has no end.',
  interfaces: [ErrorInterface],
});

builder.objectType(TooManyCodesError, {
  name: 'TooManyCodesError',
  description: 'Too many wrong codes of devices were tried.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterSeconds: t.int({
      description: 'How long to wait.',
      resolve: ({ retryAfterSeconds }) => Math.ceil(retryAfterSeconds),
    }),
  }),
});

builder.objectType(SetupClosedError, {
  name: 'SetupClosedError',
  description: 'The setup link is not valid, or setup is done already.',
  interfaces: [ErrorInterface],
});

builder.objectType(LinkNotValidError, {
  name: 'LinkNotValidError',
  description: 'The link was used, has ended, or is not one of this instance.',
  interfaces: [ErrorInterface],
});

builder.objectType(MailNotConfiguredError, {
  name: 'MailNotConfiguredError',
  description: 'This instance has no mail server.',
  interfaces: [ErrorInterface],
});

builder.objectType(SignInRefusedError, {
  name: 'SignInRefusedError',
  description:
    'The address and the password do not let in; it does not tell which of them, or whether there is such an account.',
  interfaces: [ErrorInterface],
});

builder.objectType(TooManyAttemptsError, {
  name: 'TooManyAttemptsError',
  description: 'Too many tries failed from this address, or for this account from this address.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'After how many seconds a try counts again.' }),
  }),
});
