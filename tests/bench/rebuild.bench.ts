import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { authenticateBearer } from '../../src/identity/authenticate.ts';
import type { Principal } from '../../src/operation/principal.ts';
import type { Services } from '../../src/operation/services.ts';
import { runStatement } from '../../src/query/run-statement.ts';
import type { Table } from '../../src/registry/table.ts';
import { startTestServer } from '../kit/server.ts';
import { formatNanoseconds, quantile, type BenchRow } from './bench.ts';
import { publishTables, registerTables, type DataFile } from './registered-tables.ts';

export const name = 'rebuild';

const tableCount = 1_000;
const readerCount = 4;
const generations = 5;
const quietSeconds = 3;

/** Publishes generations of 1,000 changed tables while four people read without a pause. */
export default async function bench(): Promise<BenchRow[]> {
  const server = await startTestServer();
  try {
    const { services } = server.open;
    const tables = await registerTables(services, tableCount);
    const files = await generationFiles(server.files);
    await publishTables(services, tables, files(0));
    const readers = await Promise.all(
      Array.from({ length: readerCount }, async (_, number) => {
        const { token } = await server.person(`reader${number}`, ['core.viewer']);
        return authenticateBearer(services, token, '127.0.0.1')!;
      }),
    );
    const reading = new Reading(services, { tables, readers });
    await reading.until(() => reading.reads.length >= 200);
    reading.reads.length = 0;
    const quiet = await reading.during(() => sleep(quietSeconds * 1000));
    const served: number[] = [];
    const committed: number[] = [];
    const busy = await reading.during(async () => {
      for (let generation = 1; generation <= generations; generation += 1) {
        const begun = performance.now();
        await publishTables(services, tables, files(generation));
        committed.push(performance.now() - begun);
        await reading.until(() => reading.newest === generation);
        served.push(performance.now() - begun);
      }
    });
    await reading.stop();
    return describe({ quiet, busy, served, committed, reading });
  } finally {
    await server.close();
  }
}

/** People who read without a pause, from the start on. */
class Reading {
  /** How long each read took, in milliseconds. */
  readonly reads: number[] = [];
  /** The newest generation that a read has seen. */
  newest = 0;
  failed = 0;
  #stopped = false;
  readonly #loops: Promise<void>[];

  constructor(services: Services, given: { tables: readonly Table[]; readers: readonly Principal[] }) {
    this.#loops = given.readers.map((principal, reader) => this.#loop(services, { ...given, principal, reader }));
  }

  async #loop(services: Services, given: { tables: readonly Table[]; principal: Principal; reader: number }) {
    const { tables, principal } = given;
    for (let turn = given.reader; !this.#stopped; turn += 7) {
      const statement = `SELECT max(generation) FROM ${tables[turn % tables.length]?.sqlName}`;
      const begun = performance.now();
      try {
        const { rows } = await runStatement(services, { statement, limit: 1, principal, requestId: 'bench' });
        this.newest = Math.max(this.newest, Number(rows[0]?.[0]));
      } catch (error) {
        this.failed += 1;
        console.error(error);
      }
      this.reads.push(performance.now() - begun);
    }
  }

  /** How long the reads took that ended while `work` went on. */
  async during(work: () => Promise<void>): Promise<number[]> {
    const before = this.reads.length;
    await work();
    return this.reads.slice(before);
  }

  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await sleep(1);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }
}

function describe(seen: {
  quiet: number[];
  busy: number[];
  served: number[];
  committed: number[];
  reading: Reading;
}): BenchRow[] {
  const { quiet, busy } = seen;
  const latency = (share: number): BenchRow => ({
    what: `read while ${tableCount} tables change ÷ read before, ${readerCount} readers, p${share * 100}`,
    ratio: quantile(busy, share) / quantile(quiet, share),
    note: `${formatMilliseconds(quantile(busy, share))} ÷ ${formatMilliseconds(quantile(quiet, share))}`,
  });
  return [
    {
      what: `${tableCount} changed tables until a read sees them ÷ one read before`,
      ratio: quantile(seen.served, 0.5) / quantile(quiet, 0.5),
      note:
        `${formatMilliseconds(quantile(seen.served, 0.5))}, of which the transaction ` +
        `${formatMilliseconds(quantile(seen.committed, 0.5))}; medians of ${generations} generations`,
    },
    latency(0.5),
    latency(0.99),
    { what: 'failed reads', ratio: null, note: `${seen.reading.failed} of ${seen.reading.reads.length}` },
  ];
}

/** Per generation a Parquet file with its number, under as many names as there are tables. */
async function generationFiles(folder: string): Promise<(generation: number) => (place: number) => DataFile> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (let generation = 0; generation <= generations; generation += 1) {
    const first = join(folder, `generation-${generation}.parquet`);
    await connection.run(`COPY (SELECT ${generation} AS generation FROM range(100)) TO '${first}' (FORMAT parquet)`);
    mkdirSync(join(folder, `${generation}`));
    for (let place = 0; place < tableCount; place += 1)
      linkSync(first, join(folder, `${generation}`, `${place}.parquet`));
  }
  return (generation) => (place) => ({ path: join(folder, `${generation}`, `${place}.parquet`), rows: 100 });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function formatMilliseconds(milliseconds: number): string {
  return formatNanoseconds(milliseconds * 1_000_000);
}
