import { basename, join } from 'node:path';
import { openExtraction, type ExtractedTable, type Extraction } from '../engine/extraction.ts';
import { findTableFiles } from './old-table-files.ts';
import type { KnownTable, Upgrade } from './upgrade.ts';

/** What a table holds after the upgrade, by the id of the table. */
export type HeldFiles = ReadonlyMap<string, ExtractedTable>;

/**
 * Publishes the rows that the predecessor kept in Parquet files, so that they can be read from the first start on, before any sync. The
 * files of before are read only. One that cannot be read costs its table alone.
 */
export async function takeFiles(upgrade: Upgrade): Promise<HeldFiles> {
  const held = new Map<string, ExtractedTable>();
  const local = upgrade.tables.filter(({ queryMode }) => queryMode === 'local');
  let found = 0;
  for (const source of new Set(local.map(({ sourceName }) => sourceName))) {
    const extractsDir = join(upgrade.settings.dataDir, 'extracts');
    const extraction = upgrade.isTrial ? null : await openExtraction({ extractsDir, source });
    try {
      for (const table of local.filter(({ sourceName }) => sourceName === source)) {
        const count = await takeTableFiles(upgrade, { table, extraction, held });
        found += count > 0 ? 1 : 0;
      }
    } finally {
      await extraction?.close();
    }
  }
  upgrade.ledger.file(`The rows of ${found} tables are in Parquet files, which are copied and stay where they are.`);
  return held;
}

/** Resolves to how many files there were. */
async function takeTableFiles(
  { ledger, settings }: Upgrade,
  given: { table: KnownTable; extraction: Extraction | null; held: Map<string, ExtractedTable> },
): Promise<number> {
  const { table, extraction, held } = given;
  const files = findTableFiles(settings.dataDir, { name: table.oldName, sourceType: table.sourceType });
  if (!files) {
    ledger.warn(`${table.oldName} (${table.oldId}) has no Parquet files; its rows come with its next sync.`);
    return 0;
  }
  if (!extraction) return files.paths.length;
  ledger.current = `in the files of ${table.oldName}`;
  const target = extraction.table(table.name, { primaryKey: table.primaryKey });
  try {
    await target.sink.parquet(files.paths.map((path) => ({ path, name: basename(path) })));
    held.set(table.id, await target.finish());
  } catch (error) {
    await target.abandon();
    ledger.warn(
      `The files of ${table.oldName} (${table.oldId}) were left out, and its rows come with its next sync: ${(error as Error).message}`,
    );
  }
  return files.paths.length;
}
