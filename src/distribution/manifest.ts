import { visibleMetrics } from '../catalog/visible-metrics.ts';
import type { Metric } from '../catalog/metric.ts';
import { sha256 } from '../kernel/ids.ts';
import type { Principal } from '../operation/principal.ts';
import type { Services } from '../operation/services.ts';
import type { Table } from '../registry/table.ts';
import { selectSyncChoice } from './sync-choice.store.ts';

/** A table of a manifest. */
export interface ManifestTable {
  readonly table: Table;
  /** Whether laptops are to hold its files: its person wants it there. */
  readonly isChosen: boolean;
}

/** What one principal may have on a laptop now. */
export interface Manifest {
  /** Equal while nothing changed of what a manifest says: tables, columns, files, metrics, the person's choice. */
  readonly version: string;
  /** The manifest is that of `since`; the lists are empty. */
  readonly unchanged: boolean;
  readonly tables: readonly ManifestTable[];
  readonly metrics: readonly Metric[];
}

/** The principal's manifest; only its version when that is `since`. */
export async function readManifest(
  services: Services,
  { principal, since }: { principal: Principal; since: string | null },
): Promise<Manifest> {
  const choice = await selectSyncChoice(services.store.db, principal.userId);
  const contents = contentsFor(services, principal);
  const version = sha256(JSON.stringify([contents.version, choice]));
  if (version === since) return { version, unchanged: true, tables: [], metrics: [] };
  const chosen = choice && new Set(choice);
  const tables = contents.tables.map((table) => ({ table, isChosen: !chosen || chosen.has(table.id) }));
  return { version, unchanged: false, tables, metrics: contents.metrics };
}

interface Contents {
  readonly version: string;
  readonly tables: readonly Table[];
  readonly metrics: readonly Metric[];
}

/** By what the contents were made of: another object whenever a table, a file or a metric changes, and for other rights. */
const known = new WeakMap<object, WeakMap<object, Map<boolean, Contents>>>();

function contentsFor(services: Services, principal: Principal): Contents {
  const readable = services.tableAccess.readableSet(principal);
  const catalog = services.generations.catalogFor(readable);
  const metrics = services.metrics.metrics();
  const seesAllMetrics = principal.roles.has('core.km_admin');
  const byMetrics = known.get(catalog) ?? new WeakMap<object, Map<boolean, Contents>>();
  known.set(catalog, byMetrics);
  const byRole = byMetrics.get(metrics) ?? new Map<boolean, Contents>();
  byMetrics.set(metrics, byRole);
  const contents = byRole.get(seesAllMetrics) ?? makeContents(services, { principal, tableIds: readable.ids });
  byRole.set(seesAllMetrics, contents);
  return contents;
}

function makeContents(
  services: Services,
  { principal, tableIds }: { principal: Principal; tableIds: readonly string[] },
): Contents {
  const tables = tableIds
    .flatMap((id) => services.registry.table(id) ?? [])
    .toSorted((left, right) => (left.sqlName < right.sqlName ? -1 : 1));
  const metrics = visibleMetrics(services, principal);
  const said = tables.map((table) => {
    const state = services.generations.state(table.id);
    const files = state?.files.map((file) => file.sha256);
    return [
      table.id,
      table.sqlName,
      table.alias,
      table.description,
      table.queryMode,
      state?.columns,
      table.columnDescriptions,
      files,
    ];
  });
  return { version: sha256(JSON.stringify([said, metrics])), tables, metrics };
}
