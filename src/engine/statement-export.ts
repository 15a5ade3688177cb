import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { syncPath } from '../kernel/sync-path.ts';
import { hashFile } from './publish.ts';
import type { RemoteSettings } from './remote-attachment.ts';
import { cancelled, exportTooLarge } from './statement-errors.ts';
import { StatementProcess } from './statement-process.ts';
import type { Catalog, ExportFormat } from './statement-protocol.ts';

export type { ExportFormat } from './statement-protocol.ts';

/** How much one export may take. */
export interface ExportLimits {
  /** Resident memory of the process, of which DuckDB may take half. */
  readonly memoryLimitMb: number;
  readonly maxBytes: number;
  readonly timeoutSeconds: number;
}

/** A statement whose whole result goes to the new file `path`. */
export interface ExportOrder {
  readonly catalog: Catalog;
  readonly statement: string;
  readonly format: ExportFormat;
  /** Absolute, in a folder of its own; nothing of the statement may come into it. */
  readonly path: string;
  readonly limits: ExportLimits;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** What of other systems may be attached; nothing unless given. */
  readonly remotes?: RemoteSettings;
}

/** A finished file. `tables` are the `sqlName`s it was read from, sorted; `sha256` in hex. */
export interface ExportedFile {
  readonly rowCount: number;
  readonly tables: readonly string[];
  readonly sizeBytes: number;
  readonly sha256: string;
}

const sizePollMs = 250;

/**
 * Runs a statement through the gate in a process of its own, which ends with it, and writes its result to `path`. The name
 * holds the whole file or does not exist. Rejects with a failure of `statement-errors.ts`, or with what the file system says.
 */
export async function exportStatement(order: ExportOrder): Promise<ExportedFile> {
  const { path } = order;
  const staged = `${path}.part`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const { rowCount, tables } = await runInProcess(order, staged);
    await chmod(staged, 0o400);
    const { sha256, sizeBytes } = await hashFile(staged);
    if (sizeBytes > order.limits.maxBytes) throw exportTooLarge(order.limits.maxBytes);
    await syncPath(staged);
    await rename(staged, path);
    await syncPath(dirname(path));
    return { rowCount, tables, sizeBytes, sha256 };
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}

async function runInProcess(order: ExportOrder, path: string): Promise<{ rowCount: number; tables: string[] }> {
  const { catalog, statement, format, limits, signal, log, remotes } = order;
  if (signal.aborted) throw cancelled();
  const child = new StatementProcess({ memoryLimitMb: limits.memoryLimitMb, log, remotes });
  const sizeWatch = setInterval(() => {
    stat(path).then(
      ({ size }) => size > limits.maxBytes && child.stop(exportTooLarge(limits.maxBytes)),
      () => {},
    );
  }, sizePollMs);
  try {
    const work = { kind: 'file', format, path } as const;
    return await child.run({ catalog, statement, work, timeoutSeconds: limits.timeoutSeconds, signal });
  } finally {
    clearInterval(sizeWatch);
    child.end();
    await child.exited;
  }
}
