import type { DiscoveredTable } from '../contract.ts';
import type { Client } from './client.ts';
import { datasetFilter } from './jobs.ts';

interface DatasetList {
  datasets?: { datasetReference: { projectId: string; datasetId: string }; location?: string }[];
  nextPageToken?: string;
}

interface TableList {
  tables?: ListedTable[];
  nextPageToken?: string;
}

interface ListedTable {
  tableReference: { tableId: string };
  type?: string;
  timePartitioning?: { type?: string; field?: string };
  rangePartitioning?: { field?: string };
}

interface OfferedTable {
  dataset: string;
  table: ListedTable;
}

const mostTables = 10_000;
const mostDescriptions = 500;
const describedAtOnce = 8;
const kinds: Record<string, string | undefined> = {
  TABLE: 'Table',
  VIEW: 'View',
  MATERIALIZED_VIEW: 'Materialized view',
  EXTERNAL: 'External table',
  SNAPSHOT: 'Snapshot',
};

/**
 * The tables and views of the project, by dataset, or of those datasets that the source names; 10,000 at most. What their owners
 * wrote of them has to be asked for one by one, so it is told of the first 500.
 */
export async function discoverTables(client: Client, signal: AbortSignal): Promise<DiscoveredTable[]> {
  const found: OfferedTable[] = [];
  for (const dataset of await listDatasets(client, signal)) {
    found.push(...(await listTables(client, dataset, signal)).map((table) => ({ dataset, table })));
    if (found.length >= mostTables) break;
  }
  const offered = found.slice(0, mostTables);
  const descriptions = await describeFirst(client, offered, signal);
  const names = new Set<string>();
  return offered.map(({ dataset, table }, index) => {
    const { tableId } = table.tableReference;
    const description = [descriptions[index], kindSentence(table)].filter(Boolean).join(' ');
    return { name: freeName(`${dataset}_${tableId}`, names), description, options: { dataset, table: tableId } };
  });
}

async function describeFirst(client: Client, offered: readonly OfferedTable[], signal: AbortSignal): Promise<string[]> {
  const descriptions: string[] = [];
  const asked = [...offered.slice(0, mostDescriptions).entries()].values();
  const askOn = async () => {
    for (const [index, { dataset, table }] of asked) {
      const { tableId } = table.tableReference;
      const path = [client.config.project, 'datasets', dataset, 'tables', tableId];
      const call = { path, query: { view: 'BASIC' }, doing: `describe ${dataset}.${tableId}` };
      descriptions[index] = (await client.call<{ description?: string }>(call, signal)).description ?? '';
    }
  };
  await Promise.all(Array.from({ length: describedAtOnce }, askOn));
  return descriptions;
}

/**
 * Lists the datasets, the first 1,000 of them. Throws when the source names a location and none of those that it offers is there: jobs
 * would find no table.
 */
export async function refuseOtherLocation(client: Client, signal: AbortSignal): Promise<void> {
  const { location: wanted, project } = client.config;
  const isAllowed = datasetFilter(client.config);
  const listed = await listPage(client, { signal, pageToken: undefined });
  const locations = (listed.datasets ?? []).flatMap(({ datasetReference, location }) =>
    location !== undefined && isAllowed(datasetReference) ? [location] : [],
  );
  if (wanted === undefined || locations.length === 0) return;
  if (locations.some((location) => location.toLowerCase() === wanted.toLowerCase())) return;
  const found = [...new Set(locations)].toSorted().join(', ');
  throw new Error(
    `The datasets of ${project} are in ${found}, and the source names the location ${wanted}; set location to theirs, or leave it out.`,
  );
}

function listPage(
  client: Client,
  { signal, pageToken }: { signal: AbortSignal; pageToken: string | undefined },
): Promise<DatasetList> {
  const { project } = client.config;
  const query = { maxResults: 1000, pageToken };
  return client.call({ path: [project, 'datasets'], query, doing: `list the datasets of ${project}` }, signal);
}

/** The datasets that the source offers. */
async function listDatasets(client: Client, signal: AbortSignal): Promise<string[]> {
  const isAllowed = datasetFilter(client.config);
  const datasets: string[] = [];
  let pageToken: string | undefined;
  do {
    const answer = await listPage(client, { signal, pageToken });
    const listed = (answer.datasets ?? []).map(({ datasetReference }) => datasetReference);
    datasets.push(...listed.filter(isAllowed).map(({ datasetId }) => datasetId));
    pageToken = answer.nextPageToken;
  } while (pageToken !== undefined);
  return datasets.toSorted();
}

async function listTables(client: Client, dataset: string, signal: AbortSignal): Promise<ListedTable[]> {
  const tables: ListedTable[] = [];
  let pageToken: string | undefined;
  do {
    const path = [client.config.project, 'datasets', dataset, 'tables'];
    const call = { path, query: { maxResults: 1000, pageToken }, doing: `list the tables of ${dataset}` };
    const answer = await client.call<TableList>(call, signal);
    tables.push(...(answer.tables ?? []).filter(({ type }) => kinds[type ?? ''] !== undefined));
    pageToken = answer.nextPageToken;
  } while (pageToken !== undefined);
  return tables.toSorted((one, other) => (one.tableReference.tableId < other.tableReference.tableId ? -1 : 1));
}

/** Its kind, and how it is partitioned. */
function kindSentence({ type, timePartitioning: time, rangePartitioning: range }: ListedTable): string {
  const by = range?.field ?? time?.field ?? (time && 'the time of loading');
  const unit = time?.type && !range ? ` (${time.type.toLowerCase()})` : '';
  return `${kinds[type ?? '']}${by === undefined ? '' : `, partitioned by ${by}${unit}`}.`;
}

function freeName(wanted: string, taken: Set<string>): string {
  const base = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .replace(/^(?=\d)/, '_')
    .slice(0, 60);
  let name = base;
  for (let count = 1; taken.has(name); count += 1) name = `${base.slice(0, 60 - String(count).length)}_${count}`;
  taken.add(name);
  return name;
}
