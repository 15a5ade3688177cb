import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Upgrade } from './upgrade.ts';

/** What stood in files before the predecessor had a database, and what its programs left besides. */
const olderForms = [
  'auth/password_users.json',
  'notifications/telegram_users.json',
  'notifications/pending_codes.json',
  'src_data/metadata/sync_state.json',
  'src_data/metadata/profiles.json',
  'metadata/table_metadata.json',
  'corporate-memory/knowledge.json',
  'docs/data_description.md',
];

/**
 * Names the files that are not read. They are not taken over behind the database’s back: a person who was removed there may still stand
 * in one of them.
 */
export function tellOfOlderForms({ ledger, settings }: Upgrade): void {
  const found = olderForms.filter((path) => existsSync(join(settings.dataDir, path)));
  if (found.length === 0) return;
  ledger.warn(
    `These files are of a form that is older than the database and were not read: ${found.join(', ')}. What of them is missing has to ` +
      'be brought into the database by the predecessor’s own scripts before the upgrade.',
  );
}
