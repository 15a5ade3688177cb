import { denyDevice } from '../../src/identity/decide-device.ts';
import { TooManyAttemptsError } from '../../src/identity/attempts.ts';
import { TooManyCodesError } from '../../src/identity/device-pace.ts';
import type { DeviceRequest as DeviceRequestRow } from '../../src/identity/device.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { DeviceRequest } from './device.ts';

const DenyDeviceInput = builder.inputType('DenyDeviceInput', {
  description: 'Which device is meant.',
  fields: (t) => ({
    userCode: t.string({ required: true, description: 'The code that the device shows, in whatever way it is typed.' }),
  }),
});

const DenyDevicePayload = builder.objectRef<{ request: DeviceRequestRow }>('DenyDevicePayload').implement({
  description: 'The device is not let in.',
  fields: (t) => ({ request: t.expose('request', { type: DeviceRequest, description: 'What the device had asked.' }) }),
});

builder.mutationField('denyDevice', (t) =>
  t.field({
    type: DenyDevicePayload,
    nullable: true,
    description: 'Tells the device that shows this code that it is not let in.',
    authScopes: denyDevice.rule,
    args: { input: t.arg({ type: DenyDeviceInput, required: true, description: 'Which device is meant.' }) },
    errors: { types: [NotFoundError, TooManyAttemptsError, TooManyCodesError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({ request: await context.run(denyDevice, input) }),
  }),
);
