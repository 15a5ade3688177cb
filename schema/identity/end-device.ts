import type { Device as DeviceRow } from '../../src/identity/device.ts';
import { endDevice } from '../../src/identity/end-device.ts';
import { InvalidInputError, NotFoundError } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { storedId } from '../global-id.ts';
import { Device } from './device.ts';

const EndDeviceInput = builder.inputType('EndDeviceInput', {
  description: 'Which device to end.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Global id of the device.' }) }),
});

const EndDevicePayload = builder.objectRef<{ device: DeviceRow }>('EndDevicePayload').implement({
  description: 'The device that was ended.',
  fields: (t) => ({ device: t.expose('device', { type: Device, description: 'The former device.' }) }),
});

builder.mutationField('endDevice', (t) =>
  t.field({
    type: EndDevicePayload,
    nullable: true,
    description: 'Ends a device of the viewer, or anybody’s for an administrator; open sockets that use it end too.',
    authScopes: endDevice.rule,
    args: { input: t.arg({ type: EndDeviceInput, required: true, description: 'Which device to end.' }) },
    errors: { types: [NotFoundError, InvalidInputError] },
    resolve: async (_root, { input }, context) => ({
      device: await context.run(endDevice, { id: storedId('Device', input.id) }),
    }),
  }),
);
