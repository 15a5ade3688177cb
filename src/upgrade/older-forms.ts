import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newId } from '../kernel/ids.ts';
import type { ForeignValue } from '../store/duckdb/foreign-file.ts';
import { textAt, type OldInstanceFile } from './old-instance-file.ts';
import type { UpgradeSettings } from './upgrade.ts';

/** What the predecessor kept in a file of its own before it had a database, as rows of the table that came later. */
export interface OlderForm {
  /** Absolute. */
  readonly path: string;
  readonly table: string;
  /** The columns that tell one row from another. */
  readonly key: readonly string[];
  /** Null: the file cannot be read, or is built otherwise. */
  readonly rows: readonly OlderRow[] | null;
  /** How many entries are no rows of such a file. */
  readonly skipped: number;
}

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
  parsed: (text: string) => unknown = JSON.parse,
): OlderForm | null {
  if (!existsSync(form.path)) return null;
  try {
    const read = parsed(readFileSync(form.path, 'utf8'));
    let skipped = 0;
    const fits = typeof read === 'object' && read !== null;
    const rows = fits ? rowsOf(read as Entry | unknown[], () => (skipped += 1)) : null;
    return { ...form, rows, skipped };
  } catch {
    return { ...form, rows: null, skipped: 0 };
  }
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
  const rowsOfList = (list: unknown, skip: Skip) =>
    Array.isArray(list) ? entriesIn(list, skip).map((table) => registryRow(table, sourceType)) : null;
  const form = { table: 'table_registry', key: ['id'] };
  const listed = join(settings.dataDir, 'src_data', 'metadata', 'table_registry.json');
  const docs = settings.readVariable('PROFILER_DOCS_DIR') ?? join(settings.dataDir, 'docs');
  const described = join(docs, 'data_description.md');
  return (
    readForm({ ...form, path: listed }, (read, skip) =>
      rowsOfList(Array.isArray(read) ? read : read['tables'], skip),
    ) ?? readForm({ ...form, path: described }, rowsOfList, tablesInMarkdown)
  );
}

/** The tables that the YAML blocks of a data description list. */
function tablesInMarkdown(text: string): unknown[] {
  const blocks = [...text.matchAll(/^```ya?ml\s*\n(.*?)^```/gms)].map(([, block]) => parse(block!) as unknown);
  return blocks.flatMap((block) =>
    isEntry(block) && Array.isArray(block['tables']) ? (block['tables'] as unknown[]) : [],
  );
}

/** What a table is called at its source stood in its id: the bucket is everything before the last dot. */
function registryRow(table: Entry, sourceType: string): OlderRow {
  const id = textOr(table['id'], textOr(table['name'], ''));
  const dot = id.lastIndexOf('.');
  const key = table['primary_key'];
  return {
    ...rowOf(table),
    id,
    name: textOr(table['name'], id),
    source_type: textOr(table['source_type'], sourceType),
    bucket: textOr(table['bucket'], id.slice(0, Math.max(dot, 0))),
    source_table: textOr(table['source_table'], id.slice(dot + 1)),
    primary_key: Array.isArray(key) ? key.join(',') : valueOf('primary_key', key),
  };
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

/** A list, or items by id. */
function itemsOf(read: Entry | unknown[], skip: Skip): OlderRow[] {
  const items = Array.isArray(read)
    ? entriesIn(read, skip)
    : entriesOf(isEntry(read['items']) ? read['items'] : read, skip).map(([id, item]) => ({ id, ...item }) as Entry);
  return items.map(({ source_users: contributors, extracted_at: createdAt, ...item }) =>
    rowOf({ contributors, created_at: createdAt, ...item }),
  );
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
