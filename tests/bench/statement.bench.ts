import { request } from 'node:http';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { runStatement } from '../../src/query/run-statement.ts';
import { authenticateBearer } from '../../src/identity/authenticate.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { compare, formatNanoseconds, type BenchRow, type Measured } from './bench.ts';
import { publishTables, registerTables } from './registered-tables.ts';

export const name = 'statement';

const query =
  'query ($statement: String!, $limit: Int) { sql(statement: $statement, limit: $limit) { columns { name type } rows } }';
const agent = new Agent({ keepAlive: true });

export default async function bench(): Promise<BenchRow[]> {
  const server = await startTestServer();
  try {
    const { services } = server.open;
    const file = join(server.files, 'orders.parquet');
    const duckdb = await openDuckDb(file);
    const [orders] = await registerTables(services, 1);
    await publishTables(services, [orders!], () => ({ path: file, rows: 10_000 }));
    const { token } = await server.person('ana', ['core.viewer']);
    const rows: BenchRow[] = [];
    for (const size of [
      { rows: 1, rounds: 200 },
      { rows: 10_000, rounds: 25 },
    ]) {
      const statement = `SELECT * FROM shop.t0000 LIMIT ${size.rows}`;
      const stock = `SELECT * FROM orders LIMIT ${size.rows}`;
      const baseline = measured(() => askDuckDb(duckdb, stock));
      const principal = authenticateBearer(services, token)!;
      const doors = {
        'HTTP POST /graphql': measured(() => post(server, { token, statement, limit: size.rows })),
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
    return rows;
  } finally {
    agent.destroy();
    await server.close();
  }
}
void performance;

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

function post(server: TestServer, given: { token: string; statement: string; limit: number }): Promise<number> {
  const { token, ...variables } = given;
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}/graphql`, {
      method: 'POST',
      agent,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (body.subarray(0, 16).includes('"errors"')) reject(new Error(body.toString('utf8', 0, 1000)));
        else resolve(body.length);
      });
    });
    sent.end(JSON.stringify({ query, variables }));
  });
}
