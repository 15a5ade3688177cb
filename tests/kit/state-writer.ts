// A process of its own, for tests to kill: says `starting`, opens the state in the folder of its first argument with the
// migrations of its second, says `open`, and then commits one transaction after another, saying each number once it is
// acknowledged. Without the table for that it only holds the state open. It ends when its input does.
import { sql } from 'kysely';
import { systemClock } from '../../src/kernel/clock.ts';
import { openStore } from '../../src/store/open-store.ts';

const [dataDir = '', migrations] = process.argv.slice(2);
process.stdin.resume().once('end', () => process.exit());

const checkpoints = { intervalSeconds: 0.05, leastLogBytes: 1 };
process.stdout.write('starting\n');
const store = await openStore({ dataDir, migrations, clock: systemClock, checkpoints });
process.stdout.write('open\n');
if (migrations) await writeForever();

async function writeForever(): Promise<never> {
  const { rows } = await sql<{ last: number }>`select value as last from totals`.execute(store.db);
  for (let number = (rows[0]?.last ?? 0) + 1; ; number += 1) {
    await writeNumber(number);
    process.stdout.write(`${number}\n`);
  }
}

/** Touches each kind of change: new rows, changed rows, changed unique keys, deleted rows, an event. */
async function writeNumber(number: number): Promise<void> {
  await store.write(async ({ db, at, emit }) => {
    await sql`insert into numbers values (${number}, ${`name ${number}`}, ${at})`.execute(db);
    await sql`update totals set value = ${number}`.execute(db);
    await sql`insert into latest values (${number}, ${`key ${number}`})`.execute(db);
    await sql`delete from latest where number <= ${number - 10}`.execute(db);
    await sql`update latest set key = ${`moved ${number - 5}`} where number = ${number - 5}`.execute(db);
    emit('number.written', { number });
  });
}
