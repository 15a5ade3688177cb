import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StorageError } from '../engine/extraction-errors.ts';
import { inspectParquet } from '../engine/extraction-parquet.ts';
import { openExtraction, type ExtractedTable, type Extraction } from '../engine/extraction.ts';
import { faultOfFolder } from './files-beside.ts';
import { OldExtracts } from './old-extracts.ts';
import { findTableFiles } from './old-table-files.ts';
import type { KnownTable, Upgrade } from './upgrade.ts';

/** What a table holds after the upgrade, by the id of the table. */
export type HeldFiles = ReadonlyMap<string, ExtractedTable>;

/**
 * Publishes the rows that the predecessor kept in Parquet files, or in an `extract.duckdb` itself, so that they can be read from the first start on, before any sync. The
 * files of before are read only. One that cannot be read costs its table alone; a disk that is full ends the upgrade with a `StorageError`,
 * because nothing would take the rows over later.
 */
export async function takeFiles(upgrade: Upgrade): Promise<HeldFiles> {
  const held = new Map<string, ExtractedTable>();
  const local = upgrade.tables.filter(({ queryMode }) => queryMode === 'local');
  const extracts = new OldExtracts(upgrade);
  let found = 0;
  for (const source of new Set(local.map(({ sourceName }) => sourceName))) {
    const extractsDir = join(upgrade.settings.dataDir, 'extracts');
    const folder = join(extractsDir, source);
    upgrade.ledger.current = `in ${folder}`;
    const fault = faultOfFolder(folder);
    if (fault !== null) {
      upgrade.ledger.warn(`${folder} ${fault}: no rows of its tables are taken over; they come with their next sync.`);
      continue;
    }
    const extraction = upgrade.isTrial ? null : await openExtraction({ extractsDir, source });
    try {
      for (const table of local.filter(({ sourceName }) => sourceName === source)) {
        if (await takeTableFiles(upgrade, { table, extraction, extracts, held })) found += 1;
      }
    } finally {
      await extraction?.close();
    }
  }
  upgrade.ledger.file(
    `The rows of ${found} tables are in files of extracts, which are copied and stay where they are.`,
  );
  return held;
}

/** Resolves to whether its rows were found. */
async function takeTableFiles(
  upgrade: Upgrade,
  given: {
    table: KnownTable;
    extraction: Extraction | null;
    extracts: OldExtracts;
    held: Map<string, ExtractedTable>;
  },
): Promise<boolean> {
  const { ledger, settings } = upgrade;
  const { table, extraction, extracts, held } = given;
  const files = findTableFiles(upgrade, { name: table.oldName, sourceType: table.sourceType });
  const folder = files ? null : await extracts.find(table);
  if (!files && folder === null) {
    ledger.warn(`${table.oldName} (${table.oldId}) has no files; its rows come with its next sync.`);
    return false;
  }
  ledger.current = `in the files of ${table.oldName}`;
  const found = files?.paths.map((path) => ({ path, name: basename(path) }));
  const target = extraction?.table(table.name, { primaryKey: table.primaryKey });
  try {
    for (const { path } of found ?? []) await access(path, constants.R_OK);
    if (found) await (target ? target.sink.parquet(found) : inspectParquet(found));
    else if (target) await extracts.copy(folder!, table, target.sink);
    if (target) held.set(table.id, await target.finish());
    return true;
  } catch (error) {
    await target?.abandon();
    if (error instanceof StorageError) throw error;
    settings.log?.warn({ err: error, table: table.oldId }, 'the files of a table were left out');
    ledger.warn(
      `The files of ${table.oldName} (${table.oldId}) were left out, and its rows come with its next sync: ${(error as Error).message}`,
    );
    return false;
  }
}
