import type { Kysely } from 'kysely';
import { RowWriter } from '../store/copy/row-writer.ts';
import { asCopied, describeTables } from '../store/copy/tables.ts';
import type { Database } from '../store/database.ts';
import type { Store, WriteTransaction } from '../store/store.ts';
import type { Receiver } from './ledger.ts';
import { TakeOverError } from './take-over-error.ts';
import type { UpgradeReport } from './upgrade-report.ts';

declare module '../store/database.ts' {
  interface Database {
    upgrades: UpgradesTable;
    upgrade_leftovers: UpgradeLeftoversTable;
    predecessor_knowledge_items: KnowledgeItemsTable;
    predecessor_knowledge_votes: KnowledgeVotesTable;
    predecessor_scripts: ScriptsTable;
    predecessor_telegram_links: TelegramLinksTable;
    predecessor_sync_settings: SyncSettingsTable;
    predecessor_table_profiles: TableProfilesTable;
    predecessor_column_metadata: ColumnMetadataTable;
  }
}

interface UpgradesTable {
  id: string;
  file_sha256: string;
  at: Date;
  /** JSON. */
  report: string;
}

interface UpgradeLeftoversTable {
  id: string;
  upgrade_id: string;
  table_name: string;
  row_key: string;
  reason: string;
  is_whole: boolean;
  /** JSON. */
  row_values: string;
}

interface KnowledgeItemsTable {
  id: string;
  title: string;
  content: string | null;
  category: string | null;
  /** JSON. */
  tags: string | null;
  status: string | null;
  /** JSON. */
  contributors: string | null;
  source_user: string | null;
  audience: string | null;
  created_at: Date | null;
  updated_at: Date | null;
}

interface KnowledgeVotesTable {
  item_id: string;
  user_id: string;
  vote: number | null;
  voted_at: Date | null;
}

interface ScriptsTable {
  id: string;
  name: string;
  owner: string | null;
  schedule: string | null;
  source: string;
  deployed_at: Date | null;
  last_run_at: Date | null;
  last_status: string | null;
}

interface TelegramLinksTable {
  user_id: string;
  chat_id: number;
  linked_at: Date | null;
}

interface SyncSettingsTable {
  user_id: string;
  dataset: string;
  enabled: boolean | null;
  table_mode: string | null;
  /** JSON. */
  tables: string | null;
  updated_at: Date | null;
}

interface TableProfilesTable {
  table_id: string;
  /** JSON. */
  profile: string;
  profiled_at: Date | null;
}

interface ColumnMetadataTable {
  table_id: string;
  column_name: string;
  base_type: string | null;
  description: string | null;
  confidence: string | null;
  source: string | null;
  updated_at: Date | null;
}

/** Writes rows of many tables, thousands of one table at once; `flush` writes those that wait. */
export async function openWriter(
  { db }: WriteTransaction,
  dialect: Store['dialect'],
): Promise<{ receive: Receiver; flush(): Promise<void> }> {
  const writer = new RowWriter({ db, dialect, tables: await describeTables(db) });
  return {
    receive: (table, row) => naming(table, writer.add(table, asCopied(row))),
    async flush() {
      for (const table of writer.tables) await naming(table, writer.flush(table));
    },
  };
}

async function naming(table: string, writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    throw new TakeOverError(`in the new table ${table}`, error);
  }
}

/** Somebody uses a state in which one of these tables has a row. */
export const tablesInUse = ['users', 'sources', 'tables', 'upgrades'] as const;

/** Whether nobody has done anything in this state yet. */
export async function isUnused(db: Kysely<Database>): Promise<boolean> {
  for (const table of tablesInUse) {
    if (await db.selectFrom(table).select('id').limit(1).executeTakeFirst()) return false;
  }
  return true;
}

/** Stores the report of an upgrade. */
export async function insertUpgrade(tx: WriteTransaction, id: string, report: UpgradeReport): Promise<void> {
  await tx.db
    .insertInto('upgrades')
    .values({ id, file_sha256: report.fileSha256, at: report.at, report: JSON.stringify(report) })
    .execute();
}

/** The report of the last upgrade, or null. */
export async function selectUpgrade(db: Kysely<Database>): Promise<UpgradeReport | null> {
  const row = await db
    .selectFrom('upgrades')
    .select(['at', 'report'])
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { ...(JSON.parse(row.report) as UpgradeReport), at: row.at } : null;
}

/** Removes what was kept of this user for domains that are to come. */
export async function deleteKeptOf(tx: WriteTransaction, userId: string): Promise<void> {
  for (const table of [
    'predecessor_knowledge_votes',
    'predecessor_telegram_links',
    'predecessor_sync_settings',
  ] as const) {
    await tx.db.deleteFrom(table).where('user_id', '=', userId).execute();
  }
}
