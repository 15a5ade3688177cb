import { readFile } from 'node:fs/promises';
import { placesIn, type Workspace } from './workspace.ts';
import { writeDurably } from './write-durably.ts';

/** One Parquet file of a table, named by its content. */
export interface HeldFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A table that a workspace holds. */
export interface HeldTable {
  readonly id: string;
  readonly sqlName: string;
  readonly alias: string | null;
  readonly files: readonly HeldFile[];
}

/** What the last sync left in a workspace. */
export interface WorkspaceState {
  /** The manifest that the workspace is in step with; null: some of it is missing. */
  readonly version: string | null;
  readonly tables: readonly HeldTable[];
  /** RFC 3339; when a sync last found or made it in step. */
  readonly syncedAt: string | null;
  /** Where the workspace was then: the views name files by their whole paths. */
  readonly folder: string | null;
  /** SHA-256 of `agnes.duckdb` as a sync made it; two while one is taking the place of the other. */
  readonly databases: readonly string[];
  /** SHA-256 of what the guide told. */
  readonly guide: string | null;
}

const nothing: WorkspaceState = {
  version: null,
  tables: [],
  syncedAt: null,
  folder: null,
  databases: [],
  guide: null,
};

/** What the workspace remembers; nothing when that cannot be read: the next sync then looks at everything. */
export async function readState({ folder }: Workspace): Promise<WorkspaceState> {
  try {
    const state = JSON.parse(await readFile(placesIn(folder).state, 'utf8')) as Partial<WorkspaceState>;
    return Array.isArray(state.tables) ? { ...nothing, ...state } : nothing;
  } catch {
    return nothing;
  }
}

/** Replaces what the workspace remembers. */
export async function writeState({ folder }: Workspace, state: WorkspaceState): Promise<void> {
  await writeDurably(placesIn(folder).state, `${JSON.stringify(state, null, 1)}\n`);
}
