import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectors } from '../../connectors/index.generated.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { readConfig } from '../../src/kernel/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { openServices } from '../../src/server/services.ts';
import { median, type BenchRow } from './bench.ts';
import { publishTables, registerTables } from './registered-tables.ts';
import { startServerProcess } from './server-process.ts';

export const name = 'start-up';

const tableCount = 1_000;
const rounds = 5;

interface Start {
  milliseconds: number;
  /** Of the server alone, without the processes that it starts. */
  cpuMilliseconds: number;
}

/** `node dist/server.js` until `/readyz` answers 200, in turns over a folder with 1,000 tables and over an empty one. */
export default async function bench(): Promise<BenchRow[]> {
  const folders = { full: makeFolder(), empty: makeFolder() };
  try {
    await fill(folders.full);
    const full: Start[] = [];
    const empty: Start[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const [first, second] = [await start(folders.full), await start(folders.empty)];
      if (round < 0) continue;
      full.push(first);
      empty.push(second);
    }
    return [
      row('time', full, empty, (seen) => seen.milliseconds),
      row('server CPU', full, empty, (seen) => seen.cpuMilliseconds),
    ];
  } finally {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'agnes-start-'));
}

async function fill(dataDir: string): Promise<void> {
  const config = readConfig({ DATA_DIR: dataDir });
  const open = await openServices({
    smtp: null,
    upgradeTimeZone: 'UTC',
    dataDir,
    signingKeysDir: join(dataDir, 'state/keys'),
    databaseUrl: undefined,
    connectors,
    variables: config.variables,
    remoteAttach: { roots: [], tokens: [], extensionRepository: null },
    fixedSettings: config.fixedSettings,
    instanceConfigFile: undefined,
    clock: systemClock,
    log: createLog('silent'),
  });
  const tables = await registerTables(open.services, tableCount);
  await publishTables(open.services, tables, (place) => ({ path: `/nowhere/${place}.parquet`, rows: 100 }));
  await open.close();
}

async function start(dataDir: string): Promise<Start> {
  const begun = performance.now();
  const server = await startServerProcess(dataDir);
  const start = { milliseconds: performance.now() - begun, cpuMilliseconds: server.cpuMilliseconds() };
  await server.close();
  return start;
}

function row(what: string, full: Start[], empty: Start[], figure: (seen: Start) => number): BenchRow {
  const [subject, baseline] = [median(full.map(figure)), median(empty.map(figure))];
  return {
    what: `start until /readyz, ${tableCount} tables ÷ empty instance, ${what}`,
    ratio: subject / baseline,
    note: `${subject.toFixed(0)} ms ÷ ${baseline.toFixed(0)} ms, medians of ${rounds}`,
  };
}
