import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { pino } from 'pino';
import type { Failure } from '../../src/kernel/errors.ts';
import {
  openStatementPool,
  type Catalog,
  type StatementPool,
  type StatementPoolOptions,
  type StatementRequest,
  type StatementResult,
} from '../../src/engine/statement-pool.ts';

const tables = {
  'allowed/orders.parquet': `
    SELECT * FROM (VALUES
      (1, 'ada', 'eu', 10.50::DECIMAL(10,2), TIMESTAMP '2024-01-01 10:00:00', ['new', 'web'], 'r1'),
      (2, 'bob', 'us', 20.00, '2024-01-02 11:30:00', ['web'], 'r2'),
      (3, 'ada', 'eu', 5.25, '2024-02-03 12:00:00', [], 'r1'),
      (4, 'cyd', 'us', 40.00, '2024-02-10 13:45:00', ['shop'], 'r2'),
      (5, 'bob', 'eu', 99.99, '2024-03-15 14:00:00', ['new'], 'r1')
    ) AS t(id, customer, country, amount, placed_at, tags, region)`,
  'allowed/orders_rls.parquet': `SELECT 1 AS id, 'r1' AS region`,
  'allowed/customers.parquet': `
    SELECT * FROM (VALUES
      ('ada', 1815, '{"langs":["en","fr"],"vip":true}'::JSON, {'city': 'London', 'zip': 'W1'}),
      ('bob', 1950, '{"langs":["en"],"vip":false}', {'city': 'Boston', 'zip': '02101'})
    ) AS t(name, born, profile, address)`,
  'allowed/prices.parquet': `
    SELECT * FROM (VALUES ('eu', TIMESTAMP '2024-01-01', 1.0), ('eu', '2024-02-01', 1.5), ('us', '2024-01-02', 2.0))
    AS t(country, since, factor)`,
  'secret/salaries.parquet': `SELECT 'SECRET-4711' AS person, 987654321 AS salary`,
};

/** Files of a caller's tables beside files that nobody may read, in a folder of its own. */
export interface StatementWorld {
  data: string;
  allowed: string;
  secret: string;
  scratch: string;
  catalog: Catalog;
  /** Sha256 of every file below `data` and `scratch`. */
  fingerprint(): Record<string, string>;
  remove(): void;
}

export async function createStatementWorld(): Promise<StatementWorld> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'statements-')));
  const folders = {
    data: join(root, 'data'),
    allowed: join(root, 'data/allowed'),
    secret: join(root, 'data/secret'),
    scratch: join(root, 'scratch'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [path, select] of Object.entries(tables)) {
    await connection.run(`COPY (${select}) TO '${join(folders.data, path)}' (FORMAT parquet)`);
  }
  for (const path of ['allowed/src.duckdb', 'secret/x.duckdb']) {
    await connection.run(`ATTACH '${join(folders.data, path)}' AS x`);
    await connection.run(`CREATE TABLE x.hidden AS SELECT 'SECRET-4711' AS a`);
    await connection.run('DETACH x');
  }
  connection.closeSync();
  instance.closeSync();
  writeFileSync(join(folders.secret, 's.csv'), 'person,salary\nSECRET-4711,987654321\n');
  writeFileSync(join(folders.secret, 's.json'), '{"person":"SECRET-4711","salary":987654321}\n');
  const file = (name: string) => [join(folders.allowed, `${name}.parquet`)];
  return {
    ...folders,
    catalog: {
      key: 'caller',
      tables: [
        { sqlName: 'shop.orders', alias: 'orders', files: file('orders') },
        { sqlName: 'shop.orders_rls', alias: 'orders_rls', files: file('orders_rls') },
        { sqlName: 'crm.customers', alias: null, files: file('customers') },
        { sqlName: 'shop.prices', alias: null, files: file('prices') },
        { sqlName: 'shop.gone', alias: null, files: file('gone') },
      ],
    },
    fingerprint: () => fingerprint(root),
    remove: () => rmSync(root, { recursive: true }),
  };
}

function fingerprint(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

/** A pool together with what it logged: one line for each child that ended by itself. */
export interface WatchedPool extends StatementPool {
  logged: string[];
}

export function openWatchedPool(options: StatementPoolOptions): WatchedPool {
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
  return { ...openStatementPool({ ...options, log }), logged };
}

/** How a statement ended: its result, or the failure. */
export type Outcome = { result: StatementResult; failure?: undefined } | { result?: undefined; failure: Failure };

export async function outcomeOf(pool: StatementPool, request: StatementRequest): Promise<Outcome> {
  try {
    return { result: await pool.run(request) };
  } catch (failure) {
    return { failure: failure as Failure };
  }
}

/** Processes of the pools of this test process, with the processor time each has used so far. */
export function statementChildren(parent = process.pid): { pid: number; cpuTicks: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('statement-child.js')) return [];
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
        if (Number(fields[1]) !== parent) return [];
        return [{ pid: Number(pid), cpuTicks: Number(fields[11]) + Number(fields[12]) }];
      } catch {
        return [];
      }
    });
}
