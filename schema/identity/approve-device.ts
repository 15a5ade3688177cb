import { approveDevice } from '../../src/identity/decide-device.ts';
import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { TooManyCodesError } from '../../src/identity/device-pace.ts';
import type { DeviceRequest as DeviceRequestRow } from '../../src/identity/device.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { DeviceRequest } from './device.ts';

const ApproveDeviceInput = builder.inputType('ApproveDeviceInput', {
  description: 'Which device is meant.',
  fields: (t) => ({
    userCode: t.string({ required: true, description: 'The code that the device shows, in whatever way it is typed.' }),
  }),
});

const ApproveDevicePayload = builder.objectRef<{ request: DeviceRequestRow }>('ApproveDevicePayload').implement({
  description: 'The device is let in.',
  fields: (t) => ({ request: t.expose('request', { type: DeviceRequest, description: 'What the device had asked.' }) }),
});

builder.mutationField('approveDevice', (t) =>
  t.field({
    type: ApproveDevicePayload,
    nullable: true,
    description:
      'Lets the device that shows this code act as the viewer, until `endDevice`. A token cannot let a device in.',
    authScopes: approveDevice.rule,
    args: { input: t.arg({ type: ApproveDeviceInput, required: true, description: 'Which device is meant.' }) },
    errors: { types: [NotFoundError, TooManyAttemptsError, TooManyCodesError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ request: await context.run(approveDevice, input) }),
  }),
);
