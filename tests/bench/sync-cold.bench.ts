import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { median, type BenchRow } from './bench.ts';
import { da, runProgram } from './da-process.ts';
import { publishTables, registerTables, type DataFile } from './registered-tables.ts';
import { endedChildrenCpuMilliseconds, startServerProcess } from './server-process.ts';

export const name = 'sync';

const megabytes = Number(process.env['BENCH_SYNC_MB'] ?? 1000);
const tableCount = 10;
const rounds = 3;
const columnsPerRow = 10;

interface Download {
  readonly url: string;
  readonly sha256: string;
}

/** A first sync of 10 tables, 1 GB in all unless `BENCH_SYNC_MB` says otherwise, and `curl` and `sha256sum` over their files. */
export default async function bench(): Promise<BenchRow[]> {
  const filled = await startTestServer();
  try {
    const { token } = await filled.person('ana', ['core.viewer']);
    const paths = await publishFiles(filled);
    await filled.stop();
    const server = await startServerProcess(filled.dataDir);
    try {
      const files = paths.map(({ path, sha256 }) => ({ url: `${server.url}${path}`, sha256 }));
      return await measure({ url: server.url, token, files });
    } finally {
      await server.close();
    }
  } finally {
    rmSync(filled.dataDir, { recursive: true, force: true });
  }
}

/** Resolves to the path on the server and the hash of each file. */
async function publishFiles(server: TestServer): Promise<{ path: string; sha256: string }[]> {
  const { services } = server.open;
  const files: Required<DataFile>[] = [];
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  const rows = Math.round((megabytes * 1e6) / tableCount / columnsPerRow / 8);
  for (let place = 0; place < tableCount; place += 1) {
    const path = join(server.files, `${place}.parquet`);
    const columns = Array.from({ length: columnsPerRow }, (_, column) => `hash(i, ${place}, ${column}) AS c${column}`);
    await connection.run(`COPY (SELECT ${columns.join()} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    files.push({ path, rows, sha256, sizeBytes: statSync(path).size });
  }
  connection.closeSync();
  duckdb.closeSync();
  const tables = await registerTables(services, tableCount);
  await publishTables(services, tables, (place) => files[place]!);
  return tables.map(({ id }, place) => {
    const { sha256 } = files[place]!;
    return { sha256, path: `/data/${id}/${sha256}.parquet` };
  });
}

async function measure(given: { url: string; token: string; files: Download[] }): Promise<BenchRow[]> {
  const sync: Cost[] = [];
  const peer: (Cost & { durableMilliseconds: number })[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const first = inEmptyFolder((folder) => firstSync(folder, given));
    const second = inEmptyFolder((folder) => curlAndHash(folder, given));
    if (round < 0) continue;
    sync.push(first);
    peer.push(second);
  }
  const syncMilliseconds = sync.map((cost) => cost.milliseconds);
  return [
    row('time, curl + sha256sum', { peer: peer.map((cost) => cost.milliseconds), sync: syncMilliseconds }),
    row('time, curl + sha256sum + sync to disk', {
      peer: peer.map((cost) => cost.durableMilliseconds),
      sync: syncMilliseconds,
    }),
    row('CPU, curl + sha256sum', {
      peer: peer.map((cost) => cost.cpuMilliseconds),
      sync: sync.map((cost) => cost.cpuMilliseconds),
    }),
  ];
}

/** What a client needed: by the clock, and in user and system time of its own processes. */
interface Cost {
  milliseconds: number;
  cpuMilliseconds: number;
}

/** What is still to be written to disk is written before, so that nobody pays for another. */
function inEmptyFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'agnes-cold-'));
  runProgram('sync', []);
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function firstSync(folder: string, { url, token }: { url: string; token: string }): Cost {
  const taken = startClock();
  const told = runProgram(process.execPath, [da, 'init', url, '--json'], { cwd: folder, token });
  const cost = taken();
  const report = JSON.parse(told) as { downloaded: unknown[] };
  if (report.downloaded.length !== tableCount) throw new Error(`the sync is not whole: ${told}`);
  return cost;
}

function curlAndHash(
  folder: string,
  { token, files }: { token: string; files: Download[] },
): Cost & { durableMilliseconds: number } {
  const names = files.map((_, place) => `${place}.parquet`);
  const orders = files.flatMap(({ url }, place) => ['--output', names[place]!, url]);
  const taken = startClock();
  runProgram('curl', ['--silent', '--fail', '--header', `Authorization: Bearer ${token}`, ...orders], { cwd: folder });
  const list = files.map(({ sha256 }, place) => `${sha256}  ${names[place]}\n`).join('');
  runProgram('sha256sum', ['--check', '--quiet', '-'], { cwd: folder, stdin: list });
  const cost = taken();
  runProgram('sync', names, { cwd: folder });
  return { ...cost, durableMilliseconds: taken().milliseconds };
}

function startClock(): () => Cost {
  const [begun, cpuBefore] = [performance.now(), endedChildrenCpuMilliseconds()];
  return () => ({
    milliseconds: performance.now() - begun,
    cpuMilliseconds: endedChildrenCpuMilliseconds() - cpuBefore,
  });
}

function row(what: string, seen: { peer: number[]; sync: number[] }): BenchRow {
  const [peer, sync] = [median(seen.peer), median(seen.sync)];
  return {
    what: `${what} ÷ first sync of ${megabytes} MB`,
    ratio: peer / sync,
    note: `${peer.toFixed(0)} ms ÷ ${sync.toFixed(0)} ms, medians of ${rounds}`,
  };
}
