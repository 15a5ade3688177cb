import { findDeviceRequest } from '../../src/identity/decide-device.ts';
import {
  deviceNameOf,
  shownUserCode,
  type Device as DeviceRow,
  type DeviceRequest as DeviceRequestRow,
} from '../../src/identity/device.ts';
import { Failure } from '../../src/kernel/errors.ts';
import { builder } from '../builder.ts';
import { User } from '../people/user.ts';
import { asGraphQLError } from '../rules.ts';
import { Viewer } from './viewer.ts';

export const Device = builder.objectRef<DeviceRow>('Device');

builder.node(Device, {
  description: 'A device or program that a person let in by a code, such as `da auth login` on a laptop.',
  node: {
    rule: { signedIn: true },
    load: async (id, { loaders, principal }) => {
      const devices = await loaders.devicesOf.load(principal.userId);
      return devices.find((device) => device.id === id);
    },
  },
  id: { resolve: (device) => device.id, description: 'Global id.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The program and the machine, in their own words.' }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The address it asked from, as the server saw it: behind a proxy, the proxy’s.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was let in.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used; written about once a minute.',
    }),
    expiresAt: t.expose('refreshExpiresAt', {
      type: 'DateTime',
      description: 'When it ends unless it is used before: 30 days after it was last used, a year after it was let in.',
    }),
  }),
});

builder.objectField(Viewer, 'devices', (t) =>
  t.field({
    type: [Device],
    description: 'The devices that the viewer let in, newest first.',
    resolve: (viewer, _args, { loaders }) => loaders.devicesOf.load(viewer.id),
  }),
);

builder.objectField(User, 'devices', (t) =>
  t.field({
    type: [Device],
    nullable: true,
    authScopes: { role: 'core.admin' },
    description: 'The devices that the user let in, newest first, for administrators.',
    resolve: (user, _args, { loaders }) => loaders.devicesOf.load(user.id),
  }),
);

export const DeviceRequest = builder.objectRef<DeviceRequestRow>('DeviceRequest').implement({
  description: 'A device that asks to be let in. What it says of itself is not checked.',
  fields: (t) => ({
    userCode: t.string({
      description: 'The code that the device shows.',
      resolve: ({ userCode }) => shownUserCode(userCode),
    }),
    name: t.string({ description: 'The program and the machine, in their own words.', resolve: deviceNameOf }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The address it asks from, as the server saw it: behind a proxy, the proxy’s.',
    }),
    requestedAt: t.expose('createdAt', { type: 'DateTime', description: 'When it asked.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it waits.' }),
  }),
});

builder.queryField('deviceRequest', (t) =>
  t.field({
    type: DeviceRequest,
    nullable: true,
    description:
      'The device that waits under this code; null when there is none. Ten wrong codes in ten minutes are one’s last, and an address from which many come has to wait.',
    authScopes: { interactive: true },
    args: {
      userCode: t.arg.string({ required: true, description: 'What the device shows, in whatever way it is typed.' }),
    },
    async resolve(_root, { userCode }, { services, principal, client = { address: null } }) {
      try {
        return await findDeviceRequest(services, { principal: principal!, client, userCode });
      } catch (error) {
        throw error instanceof Failure ? asGraphQLError(error) : error;
      }
    },
  }),
);
