import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { dataLine } from '../../kernel/data-line.ts';
import { guideText } from '../workspace/guide-text.ts';
import { readIfThere, readMarked, writeMarked } from '../workspace/marked-text.ts';
import type { HeldTable } from '../workspace/state.ts';
import { placesIn, type Workspace } from '../workspace/workspace.ts';
import { writeDurably } from '../workspace/write-durably.ts';
import type { Manifest } from './manifest.ts';

/** What a workspace tells of what the person may see. */
export interface Guide {
  /** For `AGENTS.md`, between our lines. */
  readonly text: string;
  /** One line of JSON for each table that may be read. */
  readonly tables: string;
  /** One line of JSON for each metric that may be seen. */
  readonly metrics: string;
  /** SHA-256 of all of it. */
  readonly sha256: string;
}

/** The guide to this manifest; `held` are the tables whose rows are on this laptop. */
export function guideOf(manifest: Manifest, given: { server: string; held: readonly HeldTable[] }): Guide {
  const held = new Set(given.held.map(({ id }) => id));
  const tables = manifest.tables.map(({ table: { id, sqlName, alias, description, queryMode, columns } }) =>
    dataLine({
      table: sqlName,
      ...(alias !== null && { alias }),
      ...(description !== null && { description }),
      rows: held.has(id) ? 'here' : 'on the server',
      ...(queryMode === 'REMOTE' && { kept: 'at the source' }),
      columns: columns.map(({ name, type, description }) => [name, type, ...shortLine(description)]),
    }),
  );
  const metrics = manifest.metrics.map(({ category, name, ...told }) =>
    dataLine({ metric: `${category}/${name}`, ...withoutNull(told) }),
  );
  const text = guideText({ server: given.server, tables, metrics });
  const files = { tables: linesOf(tables), metrics: linesOf(metrics) };
  return { text, ...files, sha256: hashOf({ text, ...files }) };
}

/** Puts the guide into the workspace; what is not ours stays as it is. */
export async function writeGuide(workspace: Workspace, { text, tables, metrics }: Guide): Promise<void> {
  const places = guidePlaces(workspace);
  await writeDurably(places.tables, tables);
  await writeDurably(places.metrics, metrics);
  await writeMarked(places.text, text);
}

/** Whether the workspace holds the guide with this hash. */
export async function holdsGuide(workspace: Workspace, sha256: string | null): Promise<boolean> {
  const places = guidePlaces(workspace);
  const text = await readMarked(places.text);
  if (text === null) return false;
  const [tables, metrics] = await Promise.all([readIfThere(places.tables), readIfThere(places.metrics)]);
  return hashOf({ text, tables, metrics }) === sha256;
}

function guidePlaces({ folder }: Workspace) {
  const { data, guide } = placesIn(folder);
  return { text: guide, tables: join(data, 'tables.ndjson'), metrics: join(data, 'metrics.ndjson') };
}

function hashOf({ text, tables, metrics }: Omit<Guide, 'sha256'>): string {
  return createHash('sha256')
    .update(JSON.stringify([text, tables, metrics]))
    .digest('hex');
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** More of what a column means is not told. */
const mostCharacters = 300;

/** A text as one line that is not too long; nothing for null. */
function shortLine(text: string | null): string[] {
  if (text === null) return [];
  const characters = Array.from(text.replaceAll(/\s+/g, ' ').trim());
  const isShort = characters.length <= mostCharacters;
  return [isShort ? characters.join('') : `${characters.slice(0, mostCharacters - 1).join('')}…`];
}

function withoutNull(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, told]) => told !== null));
}
