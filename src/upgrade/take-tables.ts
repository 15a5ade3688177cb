import { createHash } from 'node:crypto';
import { schedule } from '../registry/schedule.ts';
import { tableAlias } from '../registry/table-fields.ts';
import { TakenNames } from '../registry/taken-names.ts';
import { RegistryIndex } from '../registry/registry-index.ts';
import type { Table } from '../registry/table.ts';
import type { OldInstanceFile } from './old-instance-file.ts';
import { OldRow } from './old-row.ts';
import { findTableFiles } from './old-table-files.ts';
import { takeColumnMetadata } from './take-column-metadata.ts';
import { connectorOf, takeSources, type NewSource } from './take-sources.ts';
import { allRowsOf, firstTimes, type Upgrade } from './upgrade.ts';

/** A row of the registry on its way. */
interface OldTable {
  row: OldRow;
  id: string;
  name: string;
  sourceType: string;
}

/** Takes over the registry: each table with its id, and with its bare name as an alias for statements. */
export async function takeTables(upgrade: Upgrade, file: OldInstanceFile | null): Promise<void> {
  const { ledger } = upgrade;
  const registered = await readRegistry(upgrade);
  const found = [...registered, ...findJiraTables(upgrade, registered)];
  const sourceTypes = [...new Set(found.map(({ sourceType }) => sourceType))];
  const sources = await takeSources(upgrade, { sourceTypes, file });
  const descriptions = await takeColumnMetadata(upgrade);
  const names = new TakenNames(new RegistryIndex());
  const bareNames = chooseBareNames(found, new Set([...sources.values()].map(({ name }) => name)));
  for (const old of found) {
    const source = sources.get(old.sourceType)!;
    const name = names.freeName(identifierOf(old.name), source);
    const alias = bareNames.get(old) ?? null;
    const table = makeTable(upgrade, { old, source, name, alias });
    names.add(table);
    if (alias === null) {
      ledger.warn(`${old.name} (${old.id}) has no bare name in statements any more; write ${table.sqlName}.`);
    }
    await putTable(upgrade, { ...table, columnDescriptions: descriptions.get(old.id) ?? [] });
    upgrade.tables.push({
      id: table.id,
      oldId: old.id,
      oldName: old.name,
      name: table.name,
      sourceId: source.id,
      sourceName: source.name,
      sourceType: old.sourceType,
      queryMode: table.queryMode,
      primaryKey: table.primaryKey,
      bucket: table.bucket,
      isPublic: table.isPublic,
    });
    if (registered.includes(old)) await ledger.took(old.row, old.id);
  }
  const known = new Set(found.map(({ id }) => id));
  const unknown = [...descriptions.keys()].filter((id) => !known.has(id));
  if (unknown.length > 0)
    ledger.warn(`column_metadata describes tables that are not registered: ${unknown.join(', ')}.`);
}

async function readRegistry(upgrade: Upgrade): Promise<OldTable[]> {
  const { ledger } = upgrade;
  const isFirst = firstTimes();
  const found: OldTable[] = [];
  for (const row of await allRowsOf(upgrade, 'table_registry')) {
    const [id, name] = [row.text('id'), row.text('name')];
    if (id === null || name === null || !isFirst(id)) {
      await ledger.left(row, { key: id ?? 'no id', reason: 'it has no id or no name, or another table has its id' });
    } else {
      found.push({ row, id, name, sourceType: (row.text('source_type') ?? '').trim().toLowerCase() });
    }
  }
  return found;
}

const jiraTables = ['issues', 'comments', 'attachments', 'changelog', 'issuelinks', 'remote_links'];

/** The predecessor had tables of Jira without registering them: administrators read them, and whom a permission named. */
function findJiraTables(upgrade: Upgrade, registered: readonly OldTable[]): OldTable[] {
  const taken = new Set(registered.flatMap(({ id, name }) => [id, name]));
  const isOfJira = (name: string) => {
    const files = findTableFiles(upgrade, { name, sourceType: 'jira' });
    return files !== null && (files.extract ?? files.folder) === 'jira';
  };
  const found = jiraTables.filter((name) => !taken.has(name) && isOfJira(name));
  if (found.length > 0) upgrade.ledger.warn(`Tables of Jira are registered now, private: ${found.join(', ')}.`);
  return found.map((name) => {
    const row = new OldRow('table_registry', { id: name, name, source_type: 'jira', is_public: false });
    return { row, id: name, name, sourceType: 'jira' };
  });
}

/** Of tables with one bare name that of the last source had it there, because it came last; of one source the first one. */
function chooseBareNames(found: readonly OldTable[], schemas: ReadonlySet<string>): Map<OldTable, string> {
  const byName = new Map<string, OldTable>();
  for (const old of found) {
    const bare = old.name.toLowerCase();
    const before = byName.get(bare);
    if (!tableAlias.safeParse(bare).success || schemas.has(bare)) continue;
    if (!before || before.sourceType < old.sourceType) byName.set(bare, old);
  }
  return new Map([...byName].map(([bare, old]) => [old, bare]));
}

function identifierOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  return (/^[a-z_]/.test(plain) ? plain : `_${plain}`).slice(0, 64);
}

function makeTable(
  upgrade: Upgrade,
  given: { old: OldTable; source: NewSource; name: string; alias: string | null },
): Omit<Table, 'columnDescriptions'> {
  const { old, source, name, alias } = given;
  const { row } = old;
  const bucket = row.text('bucket');
  return {
    id: keepId(upgrade, old),
    sqlName: `${source.name}.${name}`,
    alias,
    sourceId: source.id,
    name,
    bucket: bucket === '' ? null : bucket,
    description: row.text('description'),
    queryMode: queryModeOf(upgrade, { old, source }),
    // Before version 3 there was no such column, and everybody saw every table.
    isPublic: row.has('is_public') ? (row.boolean('is_public') ?? false) : true,
    primaryKey: [
      ...new Set(
        (row.text('primary_key') ?? '')
          .split(',')
          .map((column) => column.trim())
          .filter(Boolean),
      ),
    ],
    schedule: scheduleOf(upgrade, old),
    watermarkColumn: null,
    options: optionsOf(upgrade, { old, source, bucket: bucket ?? '' }),
    createdAt: row.instant('registered_at') ?? upgrade.at,
  };
}

/** An id that can stand in addresses stays. */
function keepId({ ledger }: Upgrade, { row, id }: OldTable): string {
  if (/^[A-Za-z0-9_.-]{1,200}$/.test(id)) return id;
  const made = createHash('sha256').update(id).digest('hex').slice(0, 32);
  row.giveBack('id');
  ledger.warn(`The id ${JSON.stringify(id)} cannot stand in addresses; the table has the id ${made} now.`);
  return made;
}

function queryModeOf(
  { ledger, settings }: Upgrade,
  { old, source }: { old: OldTable; source: NewSource },
): Table['queryMode'] {
  const mode = old.row.text('query_mode')?.trim() || 'local';
  if (mode === 'local') return mode;
  const canBeRead = connectorOf(settings.connectors, source.connector)?.statements?.tableStatement !== undefined;
  if (mode === 'remote' && canBeRead) return mode;
  old.row.giveBack('query_mode');
  if (mode === 'remote' && source.connector === 'extract') return 'local';
  ledger.warn(
    `${old.name} (${old.id}) was ${mode} there and is copied here, because ${source.connector} reads no table at its source.`,
  );
  return 'local';
}

function scheduleOf({ ledger }: Upgrade, { row, id, name }: OldTable): string | null {
  const text = row.text('sync_schedule')?.trim();
  if (!text) return null;
  const parsed = schedule.safeParse(text);
  if (parsed.success) return parsed.data;
  row.giveBack('sync_schedule');
  ledger.warn(`${name} (${id}) is synced when somebody asks: ${parsed.error.issues[0]!.message}`);
  return null;
}

/** What the connector needs to find the table at its source. */
function optionsOf(
  { ledger, settings }: Upgrade,
  { old, source, bucket }: { old: OldTable; source: NewSource; bucket: string },
): Record<string, unknown> {
  const { row, id, name } = old;
  const sourceTable = row.text('source_table') ?? name;
  const options =
    source.connector === 'keboola'
      ? { table: bucket === '' ? id : `${withStage(bucket, id)}.${sourceTable}` }
      : source.connector === 'bigquery'
        ? { dataset: bucket, table: sourceTable }
        : { table: name };
  if (![sourceTable, `${withStage(bucket, id)}.${sourceTable}`].includes(options.table)) {
    row.giveBack('source_table');
  }
  const parsed = connectorOf(settings.connectors, source.connector)?.tableOptions.safeParse(options);
  if (parsed?.success) return parsed.data as Record<string, unknown>;
  ledger.warn(`${name} (${id}) cannot be synced as it is registered: correct its options ${JSON.stringify(options)}.`);
  return options;
}

/** Where the predecessor found a table by itself, it wrote its bucket without the stage, which its id still has. */
function withStage(bucket: string, id: string): string {
  if (/^(in|out|sys)\./.test(bucket)) return bucket;
  const [, stage] = /^(in|out|sys)_/.exec(id) ?? [];
  return stage ? `${stage}.${bucket}` : bucket;
}

async function putTable({ ledger, at }: Upgrade, table: Table): Promise<void> {
  await ledger.put('tables', {
    id: table.id,
    sql_name: table.sqlName,
    alias: table.alias,
    source_id: table.sourceId,
    name: table.name,
    bucket: table.bucket,
    description: table.description,
    query_mode: table.queryMode,
    is_public: table.isPublic,
    primary_key: JSON.stringify(table.primaryKey),
    schedule: table.schedule,
    watermark_column: table.watermarkColumn,
    options: JSON.stringify(table.options),
    column_descriptions: table.columnDescriptions.length > 0 ? JSON.stringify(table.columnDescriptions) : null,
    created_at: table.createdAt,
  });
  // Schedules are reckoned from the upgrade on, so that nothing is synced before somebody could look.
  if (table.schedule !== null) await ledger.put('table_turns', { table_id: table.id, taken_at: at });
}
