import { createHash } from 'node:crypto';
import { linkSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { startTestServer, type TestServer } from '../kit/server.ts';
import type { BenchRow } from './bench.ts';
import { openCountingLine } from './counting-line.ts';
import { da, runProgramMeanwhile } from './da-process.ts';
import { PostClient } from './post-client.ts';
import { publishTables, registerTables } from './registered-tables.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

export const name = 'sync';

const tableCount = 1_000;
const syncs = 20;
const calls = 1_000;

/** A sync of 1,000 tables of which none has changed: bytes against the first answer, server CPU against a list of nothing. */
export default async function bench(): Promise<BenchRow[]> {
  const filled = await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'agnes-unchanged-'));
  try {
    const { token } = await filled.person('ana', ['core.viewer']);
    await publishEqualFiles(filled);
    await filled.stop();
    const server = await startServerProcess(filled.dataDir);
    try {
      return [...(await measureSyncs(server, { folder, token })), await measureQueries(server, { folder, token })];
    } finally {
      await server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(filled.dataDir, { recursive: true, force: true });
  }
}

async function publishEqualFiles(server: TestServer): Promise<void> {
  const { services } = server.open;
  const first = join(server.files, 'first.parquet');
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  await connection.run(`COPY (SELECT range AS id FROM range(100)) TO '${first}' (FORMAT parquet)`);
  connection.closeSync();
  duckdb.closeSync();
  const sha256 = createHash('sha256').update(readFileSync(first)).digest('hex');
  const file = { rows: 100, sha256, sizeBytes: statSync(first).size };
  await publishTables(services, await registerTables(services, tableCount), (place) => {
    const path = join(server.files, `${place}.parquet`);
    linkSync(first, path);
    return { path, ...file };
  });
}

async function measureSyncs(
  server: ServerProcess,
  { folder, token }: { folder: string; token: string },
): Promise<BenchRow[]> {
  const line = await openCountingLine(server.url);
  const run = (...words: string[]) => runProgramMeanwhile(process.execPath, [da, ...words], { cwd: folder, token });
  try {
    await run('init', line.url);
    line.take();
    const direct = new PostClient({ url: line.url, token });
    const whole = await direct.post(wholeManifest);
    direct.close();
    line.take();
    const before = server.cpuMilliseconds();
    for (let sync = 0; sync < syncs; sync += 1) {
      const report = JSON.parse(await run('sync', '--json')) as { unchanged: boolean };
      if (!report.unchanged) throw new Error('something had changed');
    }
    const cpu = (server.cpuMilliseconds() - before) / syncs;
    const { sent, received } = line.take();
    const bytes = (sent + received) / syncs;
    return [
      {
        what: `bytes on the wire of a sync of ${tableCount} unchanged tables ÷ whole manifest`,
        ratio: bytes / whole,
        note: `${bytes.toFixed(0)} bytes with all headers, of which ${(received / syncs).toFixed(0)} to the laptop, ÷ ${whole}`,
      },
      {
        what: `server CPU of a sync of ${tableCount} unchanged tables`,
        ratio: null,
        note: `${cpu.toFixed(1)} ms with the connection, mean of ${syncs} runs of da`,
      },
    ];
  } finally {
    await line.close();
  }
}

/** What a first sync asks for. */
const wholeManifest = {
  query:
    '{ manifest { version unchanged metrics { category name displayName description unit tableName } tables { isChosen ' +
    'table { id sqlName alias description queryMode columns { name type description } files { sha256 sizeBytes } } } } }',
};

/** In turns, over one connection each: the question of a sync, and who one is. */
async function measureQueries(
  server: ServerProcess,
  { folder, token }: { folder: string; token: string },
): Promise<BenchRow> {
  const client = new PostClient({ url: server.url, token });
  const { version } = JSON.parse(readFileSync(join(folder, '.agnes/state.json'), 'utf8')) as { version: string };
  const question = {
    query:
      'query ($since: String) { manifest(since: $since) { version unchanged metrics { name } tables { table { id } } } }',
    variables: { since: version },
  };
  const peer = { query: '{ viewer { id email } }' };
  async function cpuOf(operation: object & { query: string }): Promise<number> {
    const before = server.cpuMilliseconds();
    for (let call = 0; call < calls; call += 1) await client.post(operation);
    return server.cpuMilliseconds() - before;
  }
  try {
    await cpuOf(question);
    await cpuOf(peer);
    const [first, second] = [await cpuOf(question), await cpuOf(peer)];
    const [subject, baseline] = [first + (await cpuOf(question)), second + (await cpuOf(peer))];
    return {
      what: `server CPU of manifest(since) of ${tableCount} unchanged tables ÷ that of { viewer { id email } }`,
      ratio: subject / baseline,
      note: `${(subject / calls / 2).toFixed(2)} ms ÷ ${(baseline / calls / 2).toFixed(2)} ms, means of ${2 * calls}`,
    };
  } finally {
    client.close();
  }
}
