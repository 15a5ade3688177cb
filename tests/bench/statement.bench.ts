import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { runStatement } from '../../src/query/run-statement.ts';
import { authenticateBearer } from '../../src/identity/authenticate.ts';
import { startTestServer } from '../kit/server.ts';
import { compare, formatNanoseconds, type BenchRow, type Measured } from './bench.ts';
import { PostClient } from './post-client.ts';
import { publishTables, registerTables } from './registered-tables.ts';

export const name = 'statement';

const query =
  'query ($statement: String!, $limit: Int) { sql(statement: $statement, limit: $limit) { columns { name type } rows } }';

export default async function bench(): Promise<BenchRow[]> {
  const server = await startTestServer();
  try {
    const { services } = server.open;
    const file = join(server.files, 'orders.parquet');
    const duckdb = await openDuckDb(file);
    const [orders] = await registerTables(services, 1);
    await publishTables(services, [orders!], () => ({ path: file, rows: 10_000 }));
    const { token } = await server.person('ana', ['core.viewer']);
    const principal = authenticateBearer(services, token)!;
    const client = new PostClient({ url: server.url, token });
    const rows: BenchRow[] = [];
    for (const size of [
      { rows: 1, rounds: 200 },
      { rows: 10_000, rounds: 25 },
    ]) {
      const statement = `SELECT * FROM shop.t0000 LIMIT ${size.rows}`;
      const stock = `SELECT * FROM orders LIMIT ${size.rows}`;
      const baseline = measured(() => askDuckDb(duckdb, stock));
      const doors = {
        'HTTP POST /graphql': measured(() => client.post({ query, variables: { statement, limit: size.rows } })),
        'runStatement, without GraphQL and HTTP': measured(async () => {
          const result = await runStatement(services, { statement, limit: size.rows, principal, requestId: 'bench' });
          return JSON.stringify(result).length;
        }),
      };
      for (const [door, subject] of Object.entries(doors)) {
        const { ratio, subjectNanoseconds, baselineNanoseconds } = await compare({
          subject,
          baseline,
          rounds: size.rounds,
        });
        rows.push({
          what: `statement of ${size.rows} rows × 5, ${door} ÷ DuckDB in the process, to JSON`,
          ratio,
          note: `${formatNanoseconds(subjectNanoseconds)} ÷ ${formatNanoseconds(baselineNanoseconds)}`,
        });
      }
    }
    client.close();
    return rows;
  } finally {
    await server.close();
  }
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
