import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { DeviceRequest } from './device.ts';

declare module '../store/database.ts' {
  interface Database {
    device_requests: DeviceRequestsTable;
  }
}

interface DeviceRequestsTable {
  id: string;
  device_code_hash: string;
  user_code: string;
  client_id: string;
  device_name: string | null;
  address: string | null;
  state: DeviceRequest['state'];
  user_id: string | null;
  created_at: Date;
  expires_at: Date;
}

/** Inserts a request that nobody has decided. */
export async function insertDeviceRequest(tx: WriteTransaction, request: DeviceRequest): Promise<void> {
  await tx.db
    .insertInto('device_requests')
    .values({
      id: request.id,
      device_code_hash: request.deviceCodeHash,
      user_code: request.userCode,
      client_id: request.clientId,
      device_name: request.deviceName,
      address: request.address,
      state: request.state,
      user_id: request.userId,
      created_at: request.createdAt,
      expires_at: request.expiresAt,
    })
    .execute();
}

/** The request with this hash of the device's own code, ended or not; null when there is none. */
export async function selectRequestByDeviceCode(db: Kysely<Database>, hash: string): Promise<DeviceRequest | null> {
  const row = await db
    .selectFrom('device_requests')
    .selectAll()
    .where('device_code_hash', '=', hash)
    .executeTakeFirst();
  return row ? toRequest(row) : null;
}

/** The request with this code that waits for a decision at `now`; null when there is none. */
export async function selectWaitingRequest(
  db: Kysely<Database>,
  userCode: string,
  now: Date,
): Promise<DeviceRequest | null> {
  const row = await db
    .selectFrom('device_requests')
    .selectAll()
    .where('user_code', '=', userCode)
    .where('state', '=', 'pending')
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row ? toRequest(row) : null;
}

/** How many requests are kept. */
export async function countDeviceRequests(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom('device_requests')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Writes what was decided, and by whom when it was approved. */
export async function updateDeviceRequest(
  tx: WriteTransaction,
  id: string,
  decided: Pick<DeviceRequest, 'state' | 'userId'>,
): Promise<void> {
  await tx.db
    .updateTable('device_requests')
    .set({ state: decided.state, user_id: decided.userId })
    .where('id', '=', id)
    .execute();
}

/** Removes a request; its codes are used up. */
export async function deleteDeviceRequest(tx: WriteTransaction, id: string): Promise<void> {
  await tx.db.deleteFrom('device_requests').where('id', '=', id).execute();
}

/** Removes what a user has approved and no device has taken up. */
export async function deleteRequestsApprovedBy(tx: WriteTransaction, userId: string): Promise<void> {
  await tx.db.deleteFrom('device_requests').where('user_id', '=', userId).execute();
}

/** Removes the requests that ended before `before`. */
export async function deleteRequestsEndedBefore(tx: WriteTransaction, before: Date): Promise<void> {
  await tx.db.deleteFrom('device_requests').where('expires_at', '<', before).execute();
}

function toRequest(row: Selectable<DeviceRequestsTable>): DeviceRequest {
  return {
    id: row.id,
    deviceCodeHash: row.device_code_hash,
    userCode: row.user_code,
    clientId: row.client_id,
    deviceName: row.device_name,
    address: row.address,
    state: row.state,
    userId: row.user_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
