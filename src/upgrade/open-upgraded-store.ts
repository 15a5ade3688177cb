import { existsSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import { asCopied } from '../store/copy/tables.ts';
import { readForeignFile } from '../store/duckdb/foreign-file.ts';
import { lockStateFile } from '../store/duckdb/open.ts';
import {
  digestOfState,
  keepState,
  placeOfKept,
  refuseUnopenable,
  removeState,
  replaceState,
} from '../store/duckdb/replace-state.ts';
import { migrationsFolder, readMigrations } from '../store/migrations.ts';
import { firstLine } from '../store/errors.ts';
import { PredecessorStateError, StoreOpenError, UnknownStateError } from '../store/open-errors.ts';
import { openStore, type StoreOptions } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { recognise, type RecognisedSchema } from './recognise.ts';
import { readOlderForms } from './older-forms.ts';
import { hasRows, noDatabase } from './older-state.ts';
import { takeOver } from './take-over.ts';
import { TakeOverError } from './take-over-error.ts';
import type { Upgrade, UpgradeSettings } from './upgrade.ts';
import type { UpgradeReport } from './upgrade-report.ts';
import { insertUpgrade, isUnused, openWriter, selectUpgrade, tablesInUse } from './upgrade.store.ts';

declare module '../audit/audit-action.ts' {
  interface AuditActions {
    'state.upgraded': { file: string; version: number };
  }
}

/** A state of the predecessor could not be taken over; it is as it was. */
export class UpgradeFailedError extends StoreOpenError {
  readonly code = 'UPGRADE_FAILED';

  constructor(file: string, error: unknown) {
    const place = error instanceof TakeOverError ? ` ${error.place}` : '';
    super(
      `${file} could not be taken over from the predecessor${place} (${firstLine(error)}); it is as it was.`,
      error,
    );
  }
}

/** There is a state of the predecessor, and a state of ours that somebody uses already. */
export class UpgradeTargetInUseError extends StoreOpenError {
  readonly code = 'UPGRADE_TARGET_IN_USE';

  constructor(file: string) {
    super(
      `${file} was written by the predecessor, but the database of DATABASE_URL is in use already: name an empty database to take ` +
        'it over, or move the file away to go on without it. Nothing was changed.',
    );
  }
}

/**
 * Opens the state. A file of the predecessor that stands where ours is to stand is taken over first, into a new file or into the
 * empty database of `databaseUrl`, and kept beside it; a fault leaves it in its place. A state that nobody uses yet takes over what the
 * predecessor kept in files before it had a database. Throws a `StoreOpenError`.
 */
export async function openUpgradedStore(options: StoreOptions, settings: UpgradeSettings): Promise<Store> {
  const store = options.databaseUrl ? await openOnPostgres(options, settings) : await openOnDuckDb(options, settings);
  try {
    await takeOlderForms(store, options, settings);
    return store;
  } catch (error) {
    await store.close();
    throw error instanceof StoreOpenError ? error : new UpgradeFailedError(options.dataDir, error);
  }
}

async function openOnDuckDb(options: StoreOptions, settings: UpgradeSettings): Promise<Store> {
  try {
    return await openStore(options);
  } catch (error) {
    if (!(error instanceof PredecessorStateError || error instanceof UnknownStateError)) throw error;
    await upgradeFile(options, { settings, refusal: error });
    return openStore(options);
  }
}

/** A state of the predecessor. */
interface FoundState {
  readonly file: string;
  readonly schema: RecognisedSchema;
  readonly fileSha256: string;
}

async function upgradeFile(
  options: StoreOptions,
  given: { settings: UpgradeSettings; refusal: StoreOpenError },
): Promise<void> {
  const { file, unlock } = lockStateFile(options.dataDir);
  const scratch = `${file}.upgrade`;
  try {
    const found = await findState(file, given.settings);
    if (!found) throw given.refusal;
    await rm(scratch, { recursive: true, force: true });
    options.log?.info({ file }, 'a state of the predecessor is being taken over');
    const keptAs = await keep(found);
    const store = await openStore({ ...options, dataDir: scratch });
    try {
      await lookInto(file, given.settings, (state) => fill(store, { ...found, keptAs }, state));
    } finally {
      await store.close();
    }
    await replaceState(file, join(scratch, 'state', 'system.duckdb'));
    options.log?.info({ file, keptAs }, 'a state of the predecessor was taken over');
  } catch (error) {
    throw error instanceof StoreOpenError ? error : new UpgradeFailedError(file, error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    unlock();
  }
}

async function openOnPostgres(options: StoreOptions, settings: UpgradeSettings): Promise<Store> {
  const store = await openStore(options);
  if (!existsSync(join(options.dataDir, 'state', 'system.duckdb'))) return store;
  const { file, unlock } = lockStateFile(options.dataDir);
  try {
    const found = await findState(file, settings);
    if (found) {
      const isDone = (await selectUpgrade(store.db))?.fileSha256 === found.fileSha256;
      if (!isDone && !(await isUnused(store.db))) throw new UpgradeTargetInUseError(file);
      options.log?.info({ file }, 'a state of the predecessor is being taken over');
      const keptAs = await keep(found);
      if (!isDone) await lookInto(file, settings, (state) => fill(store, { ...found, keptAs }, state));
      await removeState(file);
      options.log?.info({ file, keptAs }, 'a state of the predecessor was taken over');
    }
    return store;
  } catch (error) {
    await store.close();
    throw error instanceof StoreOpenError ? error : new UpgradeFailedError(file, error);
  } finally {
    unlock();
  }
}

/** Begun again by the next start when it is killed, because the state is then one that nobody uses, as before. */
async function takeOlderForms(store: Store, options: StoreOptions, settings: UpgradeSettings): Promise<void> {
  if (!(await isUnused(store.db)) || olderFormsIn(settings).length === 0) return;
  const file = options.dataDir;
  options.log?.info({ file }, 'files of the predecessor from before it had a database are being taken over');
  await fill(store, { file, fileSha256: '', keptAs: file }, { settings, ...withoutDatabase });
  options.log?.info({ file }, 'files of the predecessor were taken over');
}

const withoutDatabase = { schema: { stated: null, shape: 0 }, old: noDatabase } as const;

/** The files that the predecessor kept before it had a database; absolute. */
export function olderFormsIn(settings: UpgradeSettings): string[] {
  return readOlderForms(settings, null).map(({ path }) => path);
}

/** What the file is; null where it is none of the predecessor's. */
async function findState(file: string, settings: UpgradeSettings): Promise<FoundState | null> {
  const schema = await lookInto(file, settings, ({ schema: found }) => Promise.resolve(found));
  return schema && { file, schema, fileSha256: await digestOfState(file) };
}

/** Copies the file while nobody has it open; resolves to where the copy is. */
function keep({ file, schema }: FoundState): Promise<string> {
  return keepState(file, nameOfKept(schema));
}

/** A state of the predecessor that is open for reading. */
type ReadState = Pick<Upgrade, 'settings' | 'schema' | 'old'>;

/** Opens the file for reading while `use` runs; null where it is none of the predecessor's. */
async function lookInto<Result>(
  file: string,
  settings: UpgradeSettings,
  use: (state: ReadState) => Promise<Result>,
): Promise<Result | null> {
  return readForeignFile({ file, timeZone: settings.timeZone }, async (old) => {
    const schema = await recognise(old, file);
    return schema && use({ settings, old, schema });
  });
}

function nameOfKept({ shape }: RecognisedSchema): string {
  return `predecessor-v${shape}`;
}

/** Writes everything, with its report, in one transaction. */
async function fill(
  store: Store,
  { file, fileSha256, keptAs }: Pick<UpgradeReport, 'file' | 'fileSha256' | 'keptAs'>,
  state: ReadState,
): Promise<void> {
  await store.write(async (tx) => {
    if (!(await isUnused(tx.db))) throw new UpgradeTargetInUseError(file);
    const writer = await openWriter(tx, store.dialect);
    const { id, ...outcome } = await takeOver({ ...state, at: tx.at, isTrial: false }, writer.receive);
    await writer.receive('audit_events', {
      id: newId(),
      at: tx.at,
      actor_id: null,
      actor: 'system',
      credential: 'system',
      action: 'state.upgraded',
      resource: `state:${id}`,
      details: JSON.stringify({ file, version: outcome.version }),
      request_id: id,
    });
    await writer.flush();
    await insertUpgrade(tx, id, { ...outcome, file, fileSha256, keptAs, at: tx.at });
  });
}

/**
 * What the next start would take over, or null where there is nothing of the predecessor; changes nothing, not even a lock. Whether the
 * database of `databaseUrl` would take it is not looked at. Throws the `StoreOpenError` with which the start would end.
 */
export async function checkUpgrade(
  options: Pick<StoreOptions, 'dataDir' | 'databaseUrl' | 'clock'>,
  settings: UpgradeSettings,
): Promise<UpgradeReport | null> {
  const file = join(options.dataDir, 'state', 'system.duckdb');
  const at = options.clock.now();
  try {
    if (existsSync(file)) {
      const report = await checkFile(realpathSync(file), settings, at);
      if (report) return report;
      if (!options.databaseUrl) {
        await refuseUnopenable(file, readMigrations(migrationsFolder, 'duckdb'));
        if (await isUsed(file, settings)) return null;
      }
    }
    return olderFormsIn(settings).length > 0 ? await checkOlderForms(options.dataDir, settings, at) : null;
  } catch (error) {
    throw error instanceof StoreOpenError ? error : new UpgradeFailedError(file, error);
  }
}

async function checkFile(file: string, settings: UpgradeSettings, at: Date): Promise<UpgradeReport | null> {
  const fileSha256 = await digestOfState(file);
  return lookInto(file, settings, async (state) => {
    const keptAs = await placeOfKept(file, nameOfKept(state.schema));
    return { ...(await tryOut(state, at)), file, fileSha256, keptAs, at };
  });
}

/** Whether somebody has done something in this state of ours. */
function isUsed(file: string, { timeZone }: UpgradeSettings): Promise<boolean> {
  return readForeignFile({ file, timeZone }, async (state) => {
    for (const table of tablesInUse) if (await hasRows(state, table)) return true;
    return false;
  });
}

async function checkOlderForms(dataDir: string, settings: UpgradeSettings, at: Date): Promise<UpgradeReport> {
  const found = await tryOut({ settings, ...withoutDatabase }, at);
  return { ...found, file: dataDir, fileSha256: '', keptAs: dataDir, at };
}

/** Takes over into nothing. */
async function tryOut(
  state: ReadState,
  at: Date,
): Promise<Omit<UpgradeReport, 'file' | 'fileSha256' | 'keptAs' | 'at'>> {
  const { id: _id, ...found } = await takeOver(
    { ...state, at, isTrial: true },
    async (_table, row) => void asCopied(row),
  );
  return found;
}
