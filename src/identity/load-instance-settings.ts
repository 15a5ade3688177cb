import type { FixedSettings } from '../kernel/sign-in-config.ts';
import type { Log } from '../kernel/log.ts';
import type { Variables } from '../kernel/variables.ts';
import type { Store } from '../store/store.ts';
import { InstanceSettings, type SettingKey, type StoredSettings } from './instance-settings.ts';
import { selectSettings, settingTopic } from './instance-settings.store.ts';

/** The topic under which it is told that a secret has another value: its name, and the id of what `Variables` prepared. */
export const secretTopic = 'secret';

/**
 * Reads the stored settings and keeps them equal to what is committed from then on. What cannot be used is logged with its key
 * and counts as not said.
 */
export async function loadInstanceSettings(
  store: Store,
  { log, ...given }: { fixed: FixedSettings; variables: Variables; log: Log },
): Promise<InstanceSettings> {
  const settings = new InstanceSettings({ ...given, rows: await selectSettings(store.db) });
  for (const { key, message } of settings.faults) log.error({ key }, message);
  store.onCommit((events) => {
    for (const { topic, payload } of events) {
      if (topic === settingTopic) settings.apply(payload as { key: SettingKey; value: StoredSettings[SettingKey] });
    }
  });
  return settings;
}

/** Calls `tell` after each commit that changed a setting or a secret. */
export function onInstanceChange(store: Store, tell: () => void): void {
  store.onCommit((events) => {
    if (events.some(({ topic }) => topic === settingTopic || topic === secretTopic)) tell();
  });
}
