import type { Connector, ConnectorContext } from '../contract.ts';
import { askStorage, type Connection, type Fetch } from './client.ts';
import { sourceConfig, tableOptions, tokenPrefix, type KeboolaSource, type KeboolaTable } from './config.ts';
import { discoverTables } from './discover.ts';
import { extractTable } from './extract.ts';
import { pushColumns } from './push-columns.ts';
import { anyAnswer } from './run-export.ts';

/** The connector over this `fetch`; an answer, or the next part of a download, may take `patienceSeconds`. */
export function makeConnector(outside: {
  fetch: Fetch;
  patienceSeconds: number;
}): Connector<KeboolaSource, KeboolaTable> {
  function connect({ config, readEnv, signal, pause }: ConnectorContext<KeboolaSource>): Connection {
    signal.throwIfAborted();
    const { stackUrl, tokenEnv } = config;
    const token = readEnv(tokenEnv)?.trim();
    if (token) return { ...outside, stackUrl, token, tokenEnv, signal, pause };
    throw new Error(`${tokenEnv} is not set; set it to a Storage API token of the project.`);
  }

  return {
    kind: 'keboola',
    displayName: 'Keboola',
    description: 'Tables of a Keboola project, by the Storage API.',
    environment: ['KEBOOLA_STORAGE_TOKEN'],
    secrets: ['KEBOOLA_STORAGE_TOKEN'],
    environmentPrefix: tokenPrefix,
    sourceConfig,
    tableOptions,

    async check(context) {
      await askStorage(connect(context), { path: 'tokens/verify', shape: anyAnswer });
    },

    async discover(context) {
      return discoverTables(connect(context));
    },

    async extract(context, table, sink) {
      const { exportTimeoutSeconds } = context.config;
      return extractTable({ connection: connect(context), exportTimeoutSeconds }, table, sink);
    },

    async describeColumns(context, { options }, columns) {
      return pushColumns(connect(context), { table: options.table, columns });
    },
  };
}
