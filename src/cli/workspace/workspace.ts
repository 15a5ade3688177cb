import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failed, wrongUsage } from '../failure.ts';
import { writeDurably } from './write-durably.ts';

/**
 * A folder of an analyst's work with one server. `data/` and `agnes.duckdb` are ours and made anew by each sync; `.agnes/` is our
 * memory; everything else is the analyst's and is never written to once it is there.
 */
export interface Workspace {
  readonly folder: string;
  readonly server: string;
}

const memoryFolder = '.agnes';

/** Where things are in a workspace. */
export function placesIn(folder: string) {
  const memory = join(folder, memoryFolder);
  return {
    memory,
    about: join(memory, 'workspace.json'),
    state: join(memory, 'state.json'),
    lock: join(memory, 'sync.lock'),
    incoming: join(memory, 'incoming'),
    data: join(folder, 'data'),
    database: join(folder, 'agnes.duckdb'),
    work: join(folder, 'work'),
    notes: join(folder, 'notes'),
    guide: join(folder, 'AGENTS.md'),
  };
}

/** The workspace that this folder or one above it is; throws a `CommandFailure` when none is. */
export async function findWorkspace(from = process.cwd()): Promise<Workspace> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const server = await readServer(folder);
    if (server !== null) return { folder, server };
    if (folder === dirname(folder)) break;
  }
  throw wrongUsage('This folder is no workspace, and none above it is; make one with `da init <server>`.');
}

/** Makes the folder a workspace of this server, or leaves it one; throws when it is one of another server. */
export async function makeWorkspace(folder: string, server: string): Promise<Workspace> {
  const known = await readServer(folder);
  if (known !== null && known !== server) {
    throw wrongUsage(`${folder} is a workspace of ${known}; take another folder for ${server}.`);
  }
  const { memory, about, data } = placesIn(folder);
  try {
    await mkdir(memory, { recursive: true, mode: 0o700 });
    await mkdir(data, { recursive: true });
    if (known === null) await writeDurably(about, `${JSON.stringify({ server }, null, 2)}\n`);
  } catch (error) {
    throw failed(`${folder} cannot be made a workspace (${(error as NodeJS.ErrnoException).code}).`);
  }
  return { folder, server };
}

/** The server that this folder is a workspace of; null when it is none. */
export async function readServer(folder: string): Promise<string | null> {
  const { about } = placesIn(folder);
  let text: string;
  try {
    text = await readFile(about, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw failed(`${about} cannot be read (${code}).`);
  }
  try {
    const { server } = JSON.parse(text) as { server?: unknown };
    if (typeof server === 'string') return server;
  } catch {
    // Told below.
  }
  throw failed(`${about} does not name a server; remove it and run \`da init <server>\` again.`);
}
