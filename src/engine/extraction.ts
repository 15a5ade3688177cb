import { join } from 'node:path';
import { ConflictError } from '../kernel/errors.ts';
import { asExtractionFailure } from './extraction-errors.ts';
import { openSession } from './extraction-session.ts';
import { closeStaging, openStaging, refuseUnsafeName, sourceFolders } from './extraction-staging.ts';
import { openTable, type TableExtraction, type TableKind } from './extraction-table.ts';
import type { BeforeStep } from './publish.ts';

export type { ExtractedTable, TableKind } from './extraction-table.ts';

/** The extraction of some tables of one source. Failures are `Failure`s whose messages hold no path of this machine. */
export interface Extraction {
  /** Begins a table; nothing of it is visible before its `finish`. */
  table(name: string, kind?: TableKind): TableExtraction;
  /** Interrupts what runs and removes what was not finished. */
  close(): Promise<void>;
}

const running = new Set<string>();

/**
 * Opens an extraction that publishes below `<extractsDir>/<source>/data`. One at a time for each source: a second is
 * refused with a `ConflictError`. When `signal` is aborted, what runs rejects with the signal's reason.
 */
export async function openExtraction(options: {
  extractsDir: string;
  source: string;
  memoryLimitMb?: number;
  signal?: AbortSignal;
  beforeStep?: BeforeStep;
}): Promise<Extraction> {
  const { memoryLimitMb = 1024, signal = new AbortController().signal, beforeStep = () => {} } = options;
  const folders = sourceFolders(options.extractsDir, options.source);
  if (running.has(folders.source)) throw new ConflictError(`The source ${options.source} is being extracted already.`);
  running.add(folders.source);
  try {
    const staging = await openStaging(folders);
    const session = await openSession({ temporaryFolder: join(staging, 'spill'), memoryLimitMb, signal });
    let tables = 0;
    return {
      table(name, kind = {}) {
        refuseUnsafeName('name', name);
        tables += 1;
        return openTable({
          ...kind,
          name,
          stagedPrefix: join(staging, String(tables)),
          folder: join(folders.data, name),
          session,
          beforeStep,
        });
      },
      async close() {
        await session.close();
        await closeStaging(staging);
        running.delete(folders.source);
      },
    };
  } catch (error) {
    running.delete(folders.source);
    throw asExtractionFailure(error);
  }
}
