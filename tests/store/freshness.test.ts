import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { describeOnBoth, samplesOf } from './stores.ts';

const questions = [
  'select max(place) as answer from samples',
  'select count(*) as answer from samples',
  'select count(*) as answer from samples where place > 0',
  'select count(*) as answer from samples where code is null',
  "select count(*) as answer from samples where team = 'new'",
  'select count(*) as answer from (select team, count(*) from samples group by team) as teams',
  'select count(*) as answer from (select rank, flag, count(*) from samples group by rank, flag) as ranks',
  'select count(*) as answer from samples where place not in (select rank from samples)',
];

describeOnBoth((stores) => {
  test('a statement asked before sees every row written since', async () => {
    await writeOldRows();
    // Opened again, so that the rows are in the file and have statistics.
    const store = await stores.open();
    const answer = async (question: string) => (await sql.raw<{ answer: number }>(question).execute(store.db)).rows[0];
    const ask = () => Promise.all(questions.map((question) => answer(question)));
    for (let times = 0; times < 4; times += 1) await ask();
    expect(await ask()).toEqual([5, 5, 5, 0, 0, 1, 1, 4].map((number) => ({ answer: number })));
    await store.write(async ({ db }) => {
      await samplesOf(db)
        .insertInto('samples')
        .values([sample(100, { team: 'new', code: null, rank: 1000, flag: false }), sample(-100, { code: null })])
        .execute();
    });
    expect(await ask()).toEqual([100, 7, 6, 2, 1, 2, 2, 6].map((number) => ({ answer: number })));
  });

  test('a change made before finds every row written since', async () => {
    await writeOldRows();
    const store = await stores.open();
    const mark = () => store.write(({ db }) => sql.raw('update samples set flag = false where rank > 1').execute(db));
    expect((await mark()).numAffectedRows).toBe(0n);
    await store.write(({ db }) =>
      samplesOf(db)
        .insertInto('samples')
        .values(sample(6, { rank: 2 }))
        .execute(),
    );
    expect((await mark()).numAffectedRows).toBe(1n);
  });

  async function writeOldRows(): Promise<void> {
    const store = await stores.open();
    await store.write(({ db }) =>
      samplesOf(db)
        .insertInto('samples')
        .values([1, 2, 3, 4, 5].map((place) => sample(place, {})))
        .execute(),
    );
    await store.close();
  }
});

function sample(place: number, rest: { team?: string; code?: null; rank?: number; flag?: boolean }) {
  return { id: `id-${place}`, code: `code-${place}`, team: 'old', place, rank: 1, flag: true, ...rest };
}
