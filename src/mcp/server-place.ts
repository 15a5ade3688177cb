import { McpAccess, McpMetric, McpMetrics, McpRunMetric, McpSql, McpTable, McpTables } from './documents.ts';
import type { Ask } from './graphql.ts';
import type { ColumnFacts, MetricFacts, Place, TableFacts } from './place.ts';
import { ToolFailure } from './tool-failure.ts';

/** The server as a place, for whomever `ask` asks: each answer is that of GraphQL, with its rules, limits and audit. */
export function serverPlace(ask: Ask): Place {
  async function tables(signal: AbortSignal, search?: string): Promise<TableFacts[]> {
    return allPages(async (after) => (await ask(McpTables, { search, after }, signal)).tables, tableFacts);
  }
  /** Only what may be read is found, by SQL name or else by alias. */
  async function table(name: string, signal: AbortSignal): Promise<TableFacts | null> {
    const found = await ask(McpTable, { sqlName: name }, signal);
    if (found.table) return tableFacts(found.table);
    return (await tables(signal, name)).find(({ alias }) => alias === name) ?? null;
  }
  return {
    kind: 'server',
    asOf: async () => null,
    tables: (signal) => tables(signal),
    table,
    metrics: ({ category }, signal) =>
      allPages(async (after) => (await ask(McpMetrics, { category, after }, signal)).metrics, metricFacts),
    async metric(id, signal) {
      const { metric } = await ask(McpMetric, { id }, signal);
      if (!metric) return null;
      const { category: _category, name: _name, ...detail } = metric;
      return { ...detail, ...metricFacts(metric) };
    },
    async runMetric({ filters = [], ...run }, signal) {
      const asked = filters.map(({ dimension, values }) => ({ dimension, values: [...values] }));
      const { runMetric } = await ask(McpRunMetric, { ...run, filters: asked }, signal);
      return runMetric && { ...runMetric, place: 'server' };
    },
    async query(asked, signal) {
      const { sql } = await ask(McpSql, asked, signal);
      if (!sql) throw new ToolFailure('failed', 'The server answered nothing.');
      return { ...sql, place: 'server' };
    },
    async explainAccess(name, signal) {
      const known = await table(name, signal);
      const found = known && (await ask(McpAccess, { sqlName: known.table }, signal)).table;
      if (!found) return null;
      const reasons = found.viewerAccess.map(({ effect, kind, role, expiresAt }) => ({
        effect,
        kind,
        role: role?.role.key ?? null,
        expiresAt,
      }));
      return { table: found.sqlName, reasons };
    },
  };
}

interface Page<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function allPages<Node, Item>(
  readPage: (after: string | null) => Promise<Page<Node> | null>,
  itemOf: (node: Node) => Item,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<Node> | null = await readPage(after);
    for (const { node } of page?.edges ?? []) items.push(itemOf(node));
    if (!page?.pageInfo.hasNextPage) return items;
    after = page.pageInfo.endCursor;
  }
}

interface TableNode {
  readonly sqlName: string;
  readonly alias: string | null;
  readonly description: string | null;
  readonly queryMode: string;
  readonly version: string | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string | null }[];
  readonly syncState: { readonly rows: string | null; readonly lastSync: string | null };
}

function tableFacts({ sqlName, queryMode, syncState, columns, ...facts }: TableNode): TableFacts {
  return {
    table: sqlName,
    alias: facts.alias,
    description: facts.description,
    rowsAt: queryMode === 'REMOTE' ? 'source' : 'server',
    rows: syncState.rows,
    version: facts.version,
    publishedAt: syncState.lastSync,
    columns: columns.map(columnFacts),
  };
}

function columnFacts({ description, ...column }: TableNode['columns'][number]): ColumnFacts {
  return description === null ? column : { ...column, description };
}

function metricFacts(node: Omit<MetricFacts, 'metric'> & { category: string; name: string }): MetricFacts {
  const { category, name, displayName, description, unit, tableName } = node;
  return { metric: `${category}/${name}`, displayName, description, unit, tableName };
}
