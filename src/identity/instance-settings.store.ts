import type { Kysely } from 'kysely';
import type { Database } from '../store/database.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { SettingKey, StoredSettings } from './instance-settings.ts';

declare module '../store/database.ts' {
  interface Database {
    instance_settings: InstanceSettingsTable;
  }
}

interface InstanceSettingsTable {
  key: string;
  /** JSON. */
  value: string;
  updated_at: Date;
}

/** The topic under which a changed setting is told. */
export const settingTopic = 'instanceSetting';

/** Stores one setting and tells whoever works by it. */
export async function putSetting<Key extends SettingKey>(
  tx: WriteTransaction,
  key: Key,
  value: NonNullable<StoredSettings[Key]>,
): Promise<void> {
  const row = { value: JSON.stringify(value), updated_at: tx.at };
  await tx.db
    .insertInto('instance_settings')
    .values({ key, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
  tx.emit(settingTopic, { key, value });
}

/** Every stored setting as its text, by key. */
export async function selectSettings(db: Kysely<Database>): Promise<{ key: string; value: string }[]> {
  return db.selectFrom('instance_settings').select(['key', 'value']).orderBy('key').execute();
}
