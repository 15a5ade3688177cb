import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { runStatement } from '../../src/query/run-statement.ts';
import { authenticateBearer } from '../../src/identity/authenticate.ts';
import { startTestServer } from '../kit/server.ts';
import { compare, formatNanoseconds, type BenchRow, type Comparison, type Measured } from './bench.ts';
import { PostClient } from './post-client.ts';
import { publishTables, registerTables } from './registered-tables.ts';

export const name = 'statement';

const query =
  'query ($statement: String!, $limit: Int) { sql(statement: $statement, limit: $limit) { columns { name type } rows } }';

const sizes = [
  { size: 1, rounds: 200 },
  { size: 10_000, rounds: 25 },
];

/** The same rows of five columns as JSON: over HTTP, without GraphQL and HTTP, and from DuckDB in this process. */
export default async function bench(): Promise<BenchRow[]> {
  const server = await startTestServer();
  try {
    const { services } = server.open;
    const file = join(server.files, 'orders.parquet');
    const duckdb = await openDuckDb(file);
    await publishTables(services, await registerTables(services, 1), () => ({ path: file, rows: 10_000 }));
    const { token } = await server.person('ana', ['core.viewer']);
    const client = new PostClient({ url: server.url, token });
    const principal = authenticateBearer(services, token, '127.0.0.1')!;
    const rows: BenchRow[] = [];
    for (const { size, rounds } of sizes) {
      const statement = `SELECT * FROM shop.t0000 LIMIT ${size}`;
      const baseline = measured(() => askDuckDb(duckdb, `SELECT * FROM orders LIMIT ${size}`));
      const overHttp = measured(() => client.post({ query, variables: { statement, limit: size } }));
      const inProcess = measured(async () => {
        const result = await runStatement(services, { statement, limit: size, principal, requestId: 'bench' });
        return JSON.stringify(result).length;
      });
      const what = `÷ DuckDB in the process, ${size} rows × 5 to JSON`;
      rows.push(row(`HTTP POST /graphql ${what}`, await compare({ subject: overHttp, baseline, rounds })));
      rows.push(row(`runStatement ${what}`, await compare({ subject: inProcess, baseline, rounds })));
    }
    client.close();
    return rows;
  } finally {
    await server.close();
  }
}

function row(what: string, { ratio, subjectNanoseconds, baselineNanoseconds }: Comparison): BenchRow {
  return { what, ratio, note: `${formatNanoseconds(subjectNanoseconds)} ÷ ${formatNanoseconds(baselineNanoseconds)}` };
}

/** 10,000 rows of five columns in a Parquet file, and a connection that reads them as `orders`. */
async function openDuckDb(file: string): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  await connection.run(
    `COPY (
       SELECT i AS id, 'customer ' || i AS customer, i * 1.5::DOUBLE AS amount, i % 2 = 0 AS paid,
              TIMESTAMPTZ '2026-01-01 00:00:00Z' + to_seconds(i) AS at
       FROM range(10000) rows(i)
     ) TO '${file}' (FORMAT parquet)`,
  );
  await connection.run(`CREATE VIEW orders AS SELECT * FROM read_parquet('${file}')`);
  return connection;
}

async function askDuckDb(connection: DuckDBConnection, statement: string): Promise<number> {
  const reader = await connection.runAndReadAll(statement);
  return JSON.stringify({ columns: reader.columnNames(), rows: reader.getRowsJson() }).length;
}

function measured(run: () => Promise<number>): Measured {
  return { calls: 1, run };
}
