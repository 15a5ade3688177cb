import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { Device } from './device.ts';

declare module '../store/database.ts' {
  interface Database {
    devices: DevicesTable;
    device_refresh_tokens: DeviceRefreshTokensTable;
    device_addresses: DeviceAddressesTable;
  }
}

interface DevicesTable {
  id: string;
  access_hash: string;
  user_id: string;
  client_id: string;
  name: string;
  address: string | null;
  created_at: Date;
  last_used_at: Date | null;
  access_expires_at: Date;
  refresh_expires_at: Date;
  expires_at: Date;
}

interface DeviceRefreshTokensTable {
  secret_hash: string;
  device_id: string;
  created_at: Date;
  used_at: Date | null;
}

interface DeviceAddressesTable {
  device_id: string;
  address: string;
  first_used_at: Date;
}

/** Inserts a device with its first refresh token and tells the credential index. */
export async function insertDevice(tx: WriteTransaction, device: Device, refreshHash: string): Promise<void> {
  await tx.db
    .insertInto('devices')
    .values({
      id: device.id,
      access_hash: device.accessHash,
      user_id: device.userId,
      client_id: device.clientId,
      name: device.name,
      address: device.address,
      created_at: device.createdAt,
      last_used_at: device.lastUsedAt,
      access_expires_at: device.accessExpiresAt,
      refresh_expires_at: device.refreshExpiresAt,
      expires_at: device.expiresAt,
    })
    .execute();
  await insertRefreshToken(tx, device.id, refreshHash);
  tellIndex(tx, device);
}

/** Gives a device its next tokens; the refresh token that was used stays known as used. Tells the credential index. */
export async function rotateDevice(
  tx: WriteTransaction,
  device: Device,
  { usedHash, refreshHash }: { usedHash: string; refreshHash: string },
): Promise<void> {
  await tx.db
    .updateTable('devices')
    .set({
      access_hash: device.accessHash,
      access_expires_at: device.accessExpiresAt,
      refresh_expires_at: device.refreshExpiresAt,
      last_used_at: tx.at,
    })
    .where('id', '=', device.id)
    .execute();
  await tx.db
    .updateTable('device_refresh_tokens')
    .set({ used_at: tx.at })
    .where('secret_hash', '=', usedHash)
    .execute();
  await insertRefreshToken(tx, device.id, refreshHash);
  tellIndex(tx, device);
}

async function insertRefreshToken(tx: WriteTransaction, deviceId: string, secretHash: string): Promise<void> {
  await tx.db
    .insertInto('device_refresh_tokens')
    .values({ secret_hash: secretHash, device_id: deviceId, created_at: tx.at, used_at: null })
    .execute();
}

/** Which device a refresh token belongs to, and whether it was used already; null when it is not one of ours. */
export async function selectRefreshToken(
  db: Kysely<Database>,
  secretHash: string,
): Promise<{ deviceId: string; used: boolean } | null> {
  const row = await db
    .selectFrom('device_refresh_tokens')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return row ? { deviceId: row.device_id, used: row.used_at !== null } : null;
}

/** The device with this id; null when there is none. */
export async function selectDevice(db: Kysely<Database>, id: string): Promise<Device | null> {
  const row = await db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toDevice(row) : null;
}

/** The device whose access token has this hash; null when there is none. */
export async function selectDeviceByAccess(db: Kysely<Database>, accessHash: string): Promise<Device | null> {
  const row = await db.selectFrom('devices').selectAll().where('access_hash', '=', accessHash).executeTakeFirst();
  return row ? toDevice(row) : null;
}

/** The devices of these users, newest first. */
export async function selectDevicesOf(db: Kysely<Database>, userIds: readonly string[]): Promise<Device[]> {
  if (userIds.length === 0) return [];
  const rows = await db
    .selectFrom('devices')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toDevice);
}

/** Every stored device, for the credential index at start. */
export async function selectDevices(db: Kysely<Database>): Promise<Device[]> {
  return (await db.selectFrom('devices').selectAll().execute()).map(toDevice);
}

/** Removes a device with all its tokens and tells the credential index. */
export async function deleteDevice(tx: WriteTransaction, id: string): Promise<void> {
  await tx.db.deleteFrom('device_refresh_tokens').where('device_id', '=', id).execute();
  await tx.db.deleteFrom('device_addresses').where('device_id', '=', id).execute();
  await tx.db.deleteFrom('devices').where('id', '=', id).execute();
  tx.emit('credential', { op: 'drop', row: { kind: 'device', id, endedAt: tx.at.getTime() } });
}

/** Removes every device of this user; resolves to how many there were. */
export async function deleteDevicesOf(tx: WriteTransaction, userId: string): Promise<number> {
  const devices = await selectDevicesOf(tx.db, [userId]);
  for (const { id } of devices) await deleteDevice(tx, id);
  return devices.length;
}

/** Removes the devices that ended by themselves before `now`. */
export async function deleteEndedDevices(tx: WriteTransaction, now: Date): Promise<void> {
  const rows = await tx.db.selectFrom('devices').select('id').where('refresh_expires_at', '<', now).execute();
  for (const { id } of rows) await deleteDevice(tx, id);
}

/** Writes when devices were last used. */
export async function updateDevicesUsed(tx: WriteTransaction, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  for (const [id, at] of lastUsed) {
    await tx.db.updateTable('devices').set({ last_used_at: at }).where('id', '=', id).execute();
  }
}

/** Remembers from where a device was used for the first time; what is known already, or of a device that is gone, is left out. */
export async function insertDeviceAddress(
  tx: WriteTransaction,
  deviceId: string,
  use: { at: Date; address: string },
): Promise<void> {
  if (!(await selectDevice(tx.db, deviceId))) return;
  await tx.db
    .insertInto('device_addresses')
    .values({ device_id: deviceId, address: use.address, first_used_at: use.at })
    .onConflict((conflict) => conflict.columns(['device_id', 'address']).doNothing())
    .execute();
}

/** Every address from which any device was ever used. */
export async function selectDeviceAddresses(db: Kysely<Database>): Promise<{ id: string; address: string }[]> {
  const rows = await db.selectFrom('device_addresses').select(['device_id', 'address']).execute();
  return rows.map((row) => ({ id: row.device_id, address: row.address }));
}

function tellIndex(tx: WriteTransaction, { id, accessHash, userId, accessExpiresAt }: Device): void {
  tx.emit('credential', {
    op: 'put',
    row: { kind: 'device', id, secretHash: accessHash, userId, expiresAt: accessExpiresAt.getTime() },
  });
}

function toDevice(row: Selectable<DevicesTable>): Device {
  return {
    id: row.id,
    accessHash: row.access_hash,
    userId: row.user_id,
    clientId: row.client_id,
    name: row.name,
    address: row.address,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    accessExpiresAt: row.access_expires_at,
    refreshExpiresAt: row.refresh_expires_at,
    expiresAt: row.expires_at,
  };
}
