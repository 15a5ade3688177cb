import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createSource } from '../../src/registry/create-source.ts';
import { registerTable } from '../../src/registry/register-table.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import type { BenchRow } from './bench.ts';
import { openCountingLine } from './counting-line.ts';
import { da, runProgramMeanwhile } from './da-process.ts';

export const name = 'sync';

const megabytes = Number(process.env['BENCH_APPEND_MB'] ?? 200);
const appendedShare = 0.05;
/** Rows, and how many of them a full row group of a Parquet file holds. */
const shapes = [
  { bytesPerRow: 40, groupRows: 32_768 },
  { bytesPerRow: 400, groupRows: 4_096 },
];

/**
 * A table of 200 MB, unless `BENCH_APPEND_MB` says otherwise, to which 5 % are added at its source: what a sync sends. Row groups
 * that are full stay as they are; the last one is sent again with what it held, so it counts how full that was.
 */
export default async function bench(): Promise<BenchRow[]> {
  const server = await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'agnes-append-'));
  try {
    await server.run(createSource, { name: 'shop', connector: 'files', config: { folder: server.files } });
    const rows: BenchRow[] = [];
    for (const shape of shapes) {
      for (const fill of [0.05, 0.95]) rows.push(await measure(server, { folder, ...shape, fill }));
    }
    return rows;
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  server: TestServer,
  given: { folder: string; bytesPerRow: number; groupRows: number; fill: number },
): Promise<BenchRow> {
  const { folder, bytesPerRow, groupRows, fill } = given;
  const percent = Math.round(fill * 100);
  const table = `wide${bytesPerRow}_full${percent}`;
  const source = join(server.files, `${table}.parquet`);
  const rows = Math.round((Math.floor((megabytes * 1e6) / bytesPerRow / groupRows) + fill) * groupRows);
  const { id: userId, token } = await server.person(table, ['core.viewer']);
  const line = await openCountingLine(server.url);
  const cwd = join(folder, table);
  mkdirSync(cwd);
  const run = (...words: string[]) => runProgramMeanwhile(process.execPath, [da, ...words], { cwd, token });
  try {
    await writeRows(source, { rows, bytesPerRow });
    const options = { path: `${table}.parquet` };
    const { id: tableId } = await server.run(registerTable, { source: 'shop', name: table, options });
    await server.run(grantTableAccess, { tableId, userId });
    const sizeOf = () =>
      (server.open.services.generations.state(tableId)?.files ?? []).reduce((sum, file) => sum + file.sizeBytes, 0);
    await server.sync();
    const before = sizeOf();
    await run('init', line.url);
    await writeRows(source, { rows: Math.round(rows * (1 + appendedShare)), bytesPerRow });
    await server.sync();
    line.take();
    const told = await run('sync', '--json');
    const { sent, received } = line.take();
    const newBytes = sizeOf() - before;
    if ((JSON.parse(told) as { downloaded: object[] }).downloaded.length !== 1)
      throw new Error(`nothing came: ${told}`);
    return {
      what:
        `bytes on the wire after ${appendedShare * 100} % were added to ${formatMegabytes(before)} ÷ new bytes, ` +
        `${bytesPerRow} bytes a row, last row group ${percent} % full`,
      ratio: (sent + received) / newBytes,
      note: `${formatMegabytes(sent + received)} ÷ ${formatMegabytes(newBytes)}, all requests and headers; at most 1.3`,
    };
  } finally {
    await line.close();
  }
}

/** Rows whose values cannot be made smaller, the same for the same number. */
async function writeRows(path: string, { rows, bytesPerRow }: { rows: number; bytesPerRow: number }): Promise<void> {
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  const columns = Array.from({ length: bytesPerRow / 8 }, (_, column) => `hash(i, ${column}) AS c${column}`);
  await connection.run(`COPY (SELECT ${columns.join()} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  duckdb.closeSync();
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
