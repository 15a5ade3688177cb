import type { Kysely } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '../kernel/errors.ts';
import { defineOperation, type Client } from '../operation/define-operation.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Database } from '../store/database.ts';
import type { Attempt } from './attempts.ts';
import { selectWaitingRequest, updateDeviceRequest } from './device-request.store.ts';
import { deviceNameOf, readUserCode, type DeviceRequest } from './device.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'device.approved': { name: string; address: string | null };
    'device.denied': { name: string; address: string | null };
  }
}

const mostWrongCodes = 10;

const input = z.strictObject({ userCode: z.string().max(100) });

/** Lets the device with this code in, as the caller: it takes its tokens with its next poll. */
export const approveDevice = defineOperation({
  rule: { interactive: true },
  event: 'device.approved',
  input,
  async run({ tx, input: { userCode }, principal, client, services, record }): Promise<DeviceRequest> {
    const request = await demandWaiting(services, { db: tx.db, principal: principal!, client, userCode });
    await updateDeviceRequest(tx, request.id, { state: 'approved', userId: principal!.userId });
    record(entryOf(request));
    return request;
  },
});

/** Tells the device with this code that it is not let in. */
export const denyDevice = defineOperation({
  rule: { interactive: true },
  event: 'device.denied',
  input,
  async run({ tx, input: { userCode }, principal, client, services, record }): Promise<DeviceRequest> {
    const request = await demandWaiting(services, { db: tx.db, principal: principal!, client, userCode });
    await updateDeviceRequest(tx, request.id, { state: 'denied', userId: null });
    record(entryOf(request));
    return request;
  },
});

/** Who asks for a code, and from where. */
interface AskedCode {
  readonly principal: Principal;
  readonly client: Pick<Client, 'address'>;
  readonly userCode: string;
}

/**
 * The request that waits under this code, however it is typed; null when there is none. Wrong codes count against the person:
 * after ten in ten minutes it throws a `TooManyCodesError`; and against the address, whoever asks from there: it throws a
 * `TooManyAttemptsError`.
 */
export async function findDeviceRequest(
  services: Services,
  given: AskedCode & { db?: Kysely<Database> },
): Promise<DeviceRequest | null> {
  const { principal, userCode, client, db = services.store.db } = given;
  const now = services.clock.now();
  const key = `wrong code by ${principal.userId}`;
  services.devicePace.demand(key, mostWrongCodes, now);
  const attempt: Attempt = { door: 'device', account: null, address: client.address };
  services.attempts.demand(attempt);
  const request = await selectWaitingRequest(db, readUserCode(userCode), now);
  if (request) services.attempts.succeeded(attempt);
  else {
    services.attempts.failed(attempt);
    services.devicePace.count(key, mostWrongCodes, now);
  }
  return request;
}

async function demandWaiting(services: Services, given: AskedCode & { db: Kysely<Database> }): Promise<DeviceRequest> {
  const request = await findDeviceRequest(services, given);
  if (!request) throw new NotFoundError('No device waits under this code; check it, or start again on the device.');
  return request;
}

function entryOf(request: DeviceRequest) {
  return {
    resource: `deviceRequest:${request.id}`,
    details: { name: deviceNameOf(request), address: request.address },
  };
}
