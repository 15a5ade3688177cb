import { writeExtract } from '../engine/publish-extract.ts';
import type { Services } from '../operation/services.ts';
import type { Source } from '../registry/source.ts';
import type { TableState } from './table-state.ts';

/**
 * Writes the source's `extract.duckdb` over every table that holds data: as the current generation says, but for the
 * states in `fresh`, which are about to be published.
 */
export async function describeExtract(
  services: Services,
  given: { source: Source; extractsDir: string; fresh?: readonly TableState[] },
): Promise<void> {
  const { source, extractsDir } = given;
  const fresh = new Map((given.fresh ?? []).map((state) => [state.tableId, state]));
  const tables = services.registry.tablesOf(source.id).flatMap((table) => {
    const state = fresh.get(table.id) ?? services.generations.state(table.id);
    if (!state?.lastSyncAt || (state.files.length === 0 && !state.remote)) return [];
    return [
      {
        name: table.name,
        description: table.description,
        rows: state.rows,
        sizeBytes: state.sizeBytes,
        extractedAt: state.lastSyncAt,
        files: state.files.map((file) => file.path),
        remote: state.remote && { ...state.remote, columns: state.columns },
      },
    ];
  });
  await writeExtract({ extractsDir, source: source.name, tables });
}
