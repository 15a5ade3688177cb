import { join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import type { ForeignValue } from '../store/duckdb/foreign-file.ts';
import { readText } from './files-beside.ts';
import { textAt, type OldInstanceFile } from './old-instance-file.ts';
import { parseOldYaml } from './old-yaml.ts';
import type { UpgradeSettings } from './upgrade.ts';
import { yamlBlocks } from './yaml-blocks.ts';

/** What the predecessor kept in a file of its own before it had a database, as rows of the table that came later. */
export interface OlderForm {
  /** Absolute. */
  readonly path: string;
  readonly table: string;
  /** The columns that tell one row from another. */
  readonly key: readonly string[];
  /** Those that could be read. */
  readonly rows: readonly OlderRow[];
  /** How many entries are no rows of such a file. */
  readonly skipped: number;
  /** Why not all that may hold rows can be read, as the end of a sentence that begins with the path; null: it can. */
  readonly fault: string | null;
  /** What else of it cannot be read, in the same way. */
  readonly besides: readonly string[];
}

/** What a text says, and what of it could not be read. */
type Parsed = Pick<OlderForm, 'fault' | 'besides'> & { readonly read: unknown };

export type OlderRow = Readonly<Record<string, ForeignValue>>;

type Entry = Record<string, unknown>;

/** Counts an entry that is none. */
type Skip = () => void;

/** The files of older forms that are there. */
export function readOlderForms(settings: UpgradeSettings, file: OldInstanceFile | null): OlderForm[] {
  const at = (...names: string[]) => join(settings.dataDir, ...names);
  const memory = settings.readVariable('CORPORATE_MEMORY_DIR') ?? at('corporate-memory');
  const metadata = at('src_data', 'metadata');
  return [
    readForm({ path: at('auth', 'password_users.json'), table: 'users', key: ['email'] }, keyed(usersOf)),
    readRegistry(settings, file),
    readForm({ path: join(metadata, 'sync_state.json'), table: 'sync_state', key: ['table_id'] }, keyed(syncStatesOf)),
    readForm({ path: join(metadata, 'profiles.json'), table: 'table_profiles', key: ['table_id'] }, keyed(profilesOf)),
    readForm({ path: join(memory, 'knowledge.json'), table: 'knowledge_items', key: ['id'] }, itemsOf),
    readForm(
      { path: join(memory, 'votes.json'), table: 'knowledge_votes', key: ['item_id', 'user_id'] },
      keyed(votesOf),
    ),
    readForm(
      { path: at('notifications', 'telegram_users.json'), table: 'telegram_links', key: ['chat_id'] },
      keyed(linksOf),
    ),
  ].filter((form) => form !== null);
}

type RowsOf = (read: Entry | unknown[], skip: Skip) => OlderRow[] | null;

/** For a file that is no list. */
function keyed(rowsOf: (read: Entry, skip: Skip) => OlderRow[]): RowsOf {
  return (read, skip) => (Array.isArray(read) ? null : rowsOf(read, skip));
}

function readForm(
  form: Pick<OlderForm, 'path' | 'table' | 'key'>,
  rowsOf: RowsOf,
  parse: (text: string) => Parsed = parseJson,
): OlderForm | null {
  const file = readText(form.path);
  if (file === null) return null;
  const { read, ...faults } = file.text === null ? { read: null, fault: file.fault, besides: [] } : parse(file.text);
  let skipped = 0;
  const fits = typeof read === 'object' && read !== null;
  const rows = fits ? rowsOf(read as Entry | unknown[], () => (skipped += 1)) : null;
  const fault = faults.fault ?? (rows === null ? 'is built otherwise than such files are' : null);
  return { ...form, ...faults, rows: rows ?? [], skipped, fault };
}

function parseJson(text: string): Parsed {
  try {
    return { read: JSON.parse(withoutNaN(text)), fault: null, besides: [] };
  } catch {
    // What the error says quotes the file, which may hold hashes of passwords.
    return { read: null, fault: 'cannot be read as JSON', besides: [] };
  }
}

/** Python writes what is no number as NaN or Infinity, which JSON does not know. */
function withoutNaN(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  return text.replaceAll(/"(?:[^"\\]+|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) => (part[0] === '"' ? part : 'null'));
}

/** By address; whoever stands here was an analyst. */
function usersOf(read: Entry, skip: Skip): OlderRow[] {
  return entriesOf(read, skip).map(([email, user]) => ({
    ...rowOf(user),
    id: newId(),
    email,
    name: textOr(user['name'], email.split('@')[0]!),
    role: 'analyst',
  }));
}

/** The JSON form counts before the one in Markdown, as there. */
function readRegistry(settings: UpgradeSettings, file: OldInstanceFile | null): OlderForm | null {
  const sourceType = settings.readVariable('DATA_SOURCE') ?? textAt(file, 'data_source.type') ?? 'keboola';
  const rowsOfList = (tables: unknown, skip: Skip) =>
    listOfTables(tables)?.flatMap((table) => registryRows(table, { sourceType, skip })) ?? null;
  const form = { table: 'table_registry', key: ['id'] };
  const listed = join(settings.dataDir, 'src_data', 'metadata', 'table_registry.json');
  const docs = settings.readVariable('PROFILER_DOCS_DIR') ?? join(settings.dataDir, 'docs');
  const described = join(docs, 'data_description.md');
  return (
    readForm({ ...form, path: listed }, (read, skip) =>
      rowsOfList(Array.isArray(read) ? read : read['tables'], skip),
    ) ?? readForm({ ...form, path: described }, rowsOfList, parseMarkdown)
  );
}

/** The tables that the YAML blocks of a data description list; one that cannot be read costs itself alone. */
function parseMarkdown(text: string): Parsed {
  const read: unknown[] = [];
  const [faults, besides]: [string[], string[]] = [[], []];
  for (const block of yamlBlocks(text)) {
    try {
      const said = parseOldYaml(block);
      read.push(...((isEntry(said) && listOfTables(said['tables'])) || []));
    } catch (error) {
      const holdsTables = /^\s*["']?tables["']?\s*:/m.test(block);
      (holdsTables ? faults : besides).push(`has a block of YAML with a fault at ${(error as Error).message} of it`);
    }
  }
  return { read, fault: faults[0] ?? null, besides };
}

/** Tables as a list, or by id; null for whatever is neither. */
function listOfTables(tables: unknown): unknown[] | null {
  if (Array.isArray(tables)) return tables as unknown[];
  if (!isEntry(tables)) return null;
  return Object.entries(tables).map(([id, table]) => (isEntry(table) ? { ...table, id: table['id'] ?? id } : table));
}

/** None for an entry without id and name. What a table is called at its source stood in its id: the bucket is everything before the last dot. */
function registryRows(table: unknown, { sourceType, skip }: { sourceType: string; skip: Skip }): OlderRow[] {
  const id = isEntry(table) ? textOr(table['id'], textOr(table['name'], '')) : '';
  if (!isEntry(table) || id === '') {
    skip();
    return [];
  }
  const dot = id.lastIndexOf('.');
  const key = table['primary_key'];
  const row = {
    ...rowOf(table),
    id,
    name: textOr(table['name'], id),
    source_type: textOr(table['source_type'], sourceType),
    bucket: textOr(table['bucket'], id.slice(0, Math.max(dot, 0))),
    source_table: textOr(table['source_table'], id.slice(dot + 1)),
    primary_key: Array.isArray(key) ? key.join(',') : valueOf('primary_key', key),
  };
  return [row];
}

function syncStatesOf(read: Entry, skip: Skip): OlderRow[] {
  return byTable(read, skip).map(([id, state]) => ({ ...rowOf(state), table_id: id }));
}

function profilesOf(read: Entry, skip: Skip): OlderRow[] {
  const at = valueOf('profiled_at', read['generated_at']);
  return byTable(read, skip).map(([id, profile]) => ({
    table_id: id,
    profile: JSON.stringify(profile),
    profiled_at: at,
  }));
}

function byTable(read: Entry, skip: Skip): [string, Entry][] {
  return entriesOf(isEntry(read['tables']) ? read['tables'] : read, skip);
}

/** A list, or items by id; by themselves, or beside what is said of them as a whole. */
function itemsOf(read: Entry | unknown[], skip: Skip): OlderRow[] | null {
  const listed = Array.isArray(read) ? read : itemsIn(read);
  if (!Array.isArray(listed) && !isEntry(listed)) return null;
  const items = Array.isArray(listed)
    ? entriesIn(listed, skip)
    : entriesOf(listed, skip).map(([id, item]) => ({ id, ...item }) as Entry);
  return items.map(({ source_users: contributors, extracted_at: createdAt, ...item }) =>
    rowOf({ contributors, created_at: createdAt, ...item }),
  );
}

function itemsIn({ metadata: _metadata, ...read }: Entry): unknown {
  return 'items' in read ? read['items'] : read;
}

/** By who voted, and then by item. */
function votesOf(read: Entry, skip: Skip): OlderRow[] {
  return entriesOf(read, skip).flatMap(([user, votes]) =>
    Object.entries(votes).map(([item, vote]) => ({ item_id: item, user_id: user, vote: valueOf('vote', vote) })),
  );
}

/** By the address or the account of who is linked. */
function linksOf(read: Entry, skip: Skip): OlderRow[] {
  return entriesOf(read, skip).map(([user, link]) => ({ ...rowOf(link), user_id: user }));
}

function entriesOf(read: Entry | unknown[], skip: Skip): [string, Entry][] {
  return Object.entries(read).flatMap(([key, value]): [string, Entry][] => {
    if (isEntry(value)) return [[key, value]];
    skip();
    return [];
  });
}

function entriesIn(list: unknown[], skip: Skip): Entry[] {
  return entriesOf(list, skip).map(([, entry]) => entry);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowOf(entry: Entry): Record<string, ForeignValue> {
  return Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, valueOf(name, value)]));
}

const instants = new Set(['created_at', 'updated_at', 'last_sync', 'linked_at', 'profiled_at', 'registered_at']);

/** As a column of the database holds it; these files wrote their times in UTC. */
function valueOf(name: string, value: unknown): ForeignValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value !== 'string' || !instants.has(name)) return value as ForeignValue;
  const isLocal = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(value);
  const instant = new Date(isLocal ? `${value}Z` : value);
  return Number.isNaN(instant.getTime()) ? value : instant;
}

function textOr(value: unknown, other: string): string {
  return typeof value === 'string' && value.trim() !== '' ? value : other;
}
