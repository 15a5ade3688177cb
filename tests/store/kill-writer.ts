import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { startStateWriter } from '../kit/state-writer-process.ts';
import { makeFolder, makeMigrations } from './stores.ts';

/** What the state writer writes to, as a step of the schema. */
export const writerTables = {
  '0900-create-numbers.sql': `
    create table numbers (number bigint primary key, name text not null unique, written_at timestamptz not null);
    create table totals (id text primary key, value bigint not null);
    insert into totals values ('numbers', 0);
    create table latest (number bigint primary key, key text not null unique);`,
};

export interface KillSummary {
  acknowledged: number;
  /** Transactions that were durable although the kill came before their acknowledgement. */
  unacknowledged: number;
  /** Kills that came while the file was being checkpointed. */
  inCheckpoint: number;
}

/**
 * Kills a process that writes, again and again at random moments, on one state database. After each kill, but not after
 * every third, opens the database: nothing acknowledged may be missing, no transaction may be half there.
 */
export async function killWriter(kills: number): Promise<KillSummary> {
  const dataDir = makeFolder();
  const migrations = makeMigrations(writerTables);
  let [last, unacknowledged, unverified, inCheckpoint] = [0, 0, 0, 0];
  for (let kill = 1; kill <= kills; kill += 1) {
    const writer = startStateWriter(dataDir, migrations);
    await writer.hasSaid('open');
    await sleep(Math.random() * 600);
    last = Math.max(last, lastNumber(await writer.kill()));
    unverified += 1;
    if (existsSync(join(dataDir, 'state/system.duckdb.ready'))) inCheckpoint += 1;
    if (kill % 3 === 0 && kill < kills) continue;
    const found = await verifyNumbers(dataDir, migrations);
    expect(found, `after kill ${kill}`).toBeGreaterThanOrEqual(last);
    expect(found, `after kill ${kill}`).toBeLessThanOrEqual(last + unverified);
    unacknowledged += found - last;
    [last, unverified] = [found, 0];
  }
  return { acknowledged: last - unacknowledged, unacknowledged, inCheckpoint };
}

function lastNumber(said: readonly string[]): number {
  const number = Number(said.at(-1));
  return Number.isInteger(number) ? number : 0;
}

/** Opens the database and checks that its tables agree on one last number, which it resolves to. */
export async function verifyNumbers(dataDir: string, migrations: string): Promise<number> {
  const store = await openStore({ dataDir, migrations, clock: systemClock });
  try {
    const last = (await read<number>(store, 'select value from totals'))[0] ?? 0;
    const all = Array.from({ length: last }, (_, index) => index + 1);
    expect(await read(store, 'select number from numbers order by number')).toEqual(all);
    expect(await read(store, `select number from numbers where name = 'name ${last}'`)).toEqual(all.slice(-1));
    expect(await read(store, 'select seq from events order by seq')).toEqual(all);
    const payloads = all.slice(-1).map((number) => JSON.stringify({ number }));
    expect(await read(store, `select payload from events where seq = ${last}`)).toEqual(payloads);
    expect(await read(store, 'select number from latest order by number')).toEqual(all.slice(-10));
    const moved = all.filter((number) => number > last - 10 && number <= last - 5);
    expect(await read(store, "select number from latest where key like 'moved %' order by number")).toEqual(moved);
    return last;
  } finally {
    await store.close();
  }
}

async function read<Value>(store: Store, statement: string): Promise<Value[]> {
  const { rows } = await sql.raw<Record<string, Value>>(statement).execute(store.db);
  return rows.flatMap((row) => Object.values(row));
}
