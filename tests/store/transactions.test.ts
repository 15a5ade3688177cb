import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  ReadOnlyError,
  StoreClosedError,
  TransactionAbortedError,
  UniqueViolationError,
} from '../../src/store/errors.ts';
import { describeOnBoth, samplesOf, type SamplesTable } from './stores.ts';

const empty: SamplesTable = {
  id: 'a',
  code: null,
  team: null,
  place: null,
  rank: null,
  ratio: null,
  flag: null,
  at: null,
  bytes: null,
};

function insert(db: unknown, row: Partial<SamplesTable>) {
  return samplesOf(db)
    .insertInto('samples')
    .values({ ...empty, ...row })
    .execute();
}

function readIds(db: unknown) {
  return samplesOf(db).selectFrom('samples').select('id').orderBy('id').execute();
}

describeOnBoth((stores) => {
  test('every type that is stored comes back as it was', async () => {
    const store = await stores.open();
    const rows: SamplesTable[] = [
      {
        id: 'full',
        code: 'ä "quoted" \'text\' 🦆\n$1',
        team: '',
        place: 12,
        rank: -3,
        ratio: 0.1,
        flag: true,
        at: new Date('2024-02-29T23:59:59.123Z'),
        bytes: Buffer.from([0, 255, 10]),
      },
      { ...empty, id: 'wide', place: 9_223_372_036_854_775_807n, ratio: 1e300, flag: false, at: new Date(0) },
      { ...empty, id: 'edge', place: Number.MAX_SAFE_INTEGER, ratio: -2, bytes: Buffer.alloc(0) },
      { ...empty, id: 'nulls' },
    ];
    await store.write(({ db }) => samplesOf(db).insertInto('samples').values(rows).execute());
    for (const row of rows) {
      const query = samplesOf(store.db).selectFrom('samples').selectAll().where('id', '=', row.id);
      expect(await query.executeTakeFirstOrThrow()).toEqual(row);
    }
  });

  test('instants are compared as instants, and counts and sums are numbers', async () => {
    const store = await stores.open();
    await store.write(async ({ db }) => {
      await insert(db, { id: 'early', place: 1, at: new Date('2024-01-01T00:00:00.000Z') });
      await insert(db, { id: 'late', place: 2, at: new Date('2024-01-01T00:00:00.001Z') });
    });
    const found = await samplesOf(store.db)
      .selectFrom('samples')
      .select((select) => [select.fn.countAll().as('count'), select.fn.sum('place').as('sum')])
      .where('at', '>=', new Date('2024-01-01T00:00:00.001Z'))
      .execute();
    expect(found).toEqual([{ count: 1, sum: 2 }]);
    const zone = await sql<{ zone: string }>`select current_setting('TimeZone') as zone`.execute(store.db);
    expect(zone.rows).toEqual([{ zone: 'UTC' }]);
  });

  test('the numbers of changed and deleted rows are told', async () => {
    const store = await stores.open();
    const changed = await store.write(async ({ db }) => {
      await insert(db, { id: 'a' });
      await insert(db, { id: 'b' });
      return samplesOf(db).updateTable('samples').set({ flag: true }).executeTakeFirst();
    });
    expect(changed.numUpdatedRows).toBe(2n);
    const deleted = await store.write(({ db }) =>
      samplesOf(db).deleteFrom('samples').where('id', '=', 'a').returning('id').execute(),
    );
    expect(deleted).toEqual([{ id: 'a' }]);
  });

  test('what a change resolves to comes back, and all it wrote is there', async () => {
    const store = await stores.open();
    const result = await store.write(async ({ db }) => {
      await insert(db, { id: 'a' });
      await insert(db, { id: 'b' });
      return 'done';
    });
    expect(result).toBe('done');
    expect(await readIds(store.db)).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  test('a change that throws leaves nothing, and the next one runs', async () => {
    const store = await stores.open();
    const failed = store.write(async ({ db, emit }) => {
      await insert(db, { id: 'a' });
      emit('sample.made', {});
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await store.write(({ db }) => insert(db, { id: 'b' }));
    expect(await readIds(store.db)).toEqual([{ id: 'b' }]);
    expect(await store.db.selectFrom('events').selectAll().execute()).toEqual([]);
  });

  test('a change that swallows the error of a statement is not called stored', async () => {
    const store = await stores.open();
    const swallowed = store.write(async ({ db }) => {
      await insert(db, { id: 'a' });
      await insert(db, { id: 'a' }).catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(TransactionAbortedError);
    const withEvent = store.write(async ({ db, emit }) => {
      emit('sample.made', {});
      await sql`select nothing from nowhere`.execute(db).catch(() => undefined);
    });
    await expect(withEvent).rejects.toThrow(TransactionAbortedError);
    await store.write(({ db }) => insert(db, { id: 'b' }));
    expect(await readIds(store.db)).toEqual([{ id: 'b' }]);
  });

  test('a taken key is a UniqueViolationError that names the columns', async () => {
    const store = await stores.open();
    await store.write(({ db }) => insert(db, { id: 'a', code: 'x', team: 'red', place: 1 }));
    const taken: [Partial<SamplesTable>, string[]][] = [
      [{ id: 'a' }, ['id']],
      [{ id: 'b', code: 'x' }, ['code']],
      [{ id: 'b', team: 'red', place: 1 }, ['team', 'place']],
    ];
    for (const [row, columns] of taken) {
      const error = await store.write(({ db }) => insert(db, row)).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UniqueViolationError);
      expect(error).toMatchObject({ code: 'UNIQUE_VIOLATION', columns });
    }
    const update = store.write(async ({ db }) => {
      await insert(db, { id: 'b' });
      await samplesOf(db).updateTable('samples').set({ code: 'x' }).where('id', '=', 'b').execute();
    });
    await expect(update).rejects.toThrow(UniqueViolationError);
  });

  test('a key taken within the same transaction is a UniqueViolationError too', async () => {
    const store = await stores.open();
    const twice = store.write(async ({ db }) => {
      await insert(db, { id: 'a' });
      await insert(db, { id: 'a' });
    });
    await expect(twice).rejects.toThrow(UniqueViolationError);
  });

  test('a key is free again in the transaction that deleted it', async () => {
    const store = await stores.open();
    await store.write(({ db }) => insert(db, { id: 'a', code: 'x' }));
    await store.write(async ({ db }) => {
      await samplesOf(db).deleteFrom('samples').where('id', '=', 'a').execute();
      await insert(db, { id: 'a', code: 'x' });
    });
    expect(await readIds(store.db)).toEqual([{ id: 'a' }]);
  });

  test('statements of one transaction that run at once do not mix', async () => {
    const store = await stores.open();
    const ids = Array.from({ length: 30 }, (_, index) => `id-${100 + index}`);
    await store.write(({ db }) => Promise.all(ids.map((id) => insert(db, { id, code: `code of ${id}` }))));
    const rows = await samplesOf(store.db).selectFrom('samples').select(['id', 'code']).orderBy('id').execute();
    expect(rows).toEqual(ids.map((id) => ({ id, code: `code of ${id}` })));
  });

  test('many reads at once each get their own answer', async () => {
    const store = await stores.open();
    const ids = Array.from({ length: 60 }, (_, index) => `id-${index}`);
    await store.write(({ db }) => Promise.all(ids.map((id) => insert(db, { id }))));
    const found = await Promise.all(
      ids.map((id) => samplesOf(store.db).selectFrom('samples').select('id').where('id', '=', id).execute()),
    );
    expect(found).toEqual(ids.map((id) => [{ id }]));
  });

  test('a write sees its own rows; reads go on meanwhile and see the state before', async () => {
    const store = await stores.open();
    await store.write(({ db }) => insert(db, { id: 'before' }));
    await store.write(async ({ db }) => {
      await insert(db, { id: 'during' });
      expect(await readIds(db)).toHaveLength(2);
      expect(await readIds(store.db)).toEqual([{ id: 'before' }]);
    });
    expect(await readIds(store.db)).toHaveLength(2);
  });

  test('the rows of one transaction carry the instant of the clock', async () => {
    const now = new Date('2030-05-06T07:08:09.010Z');
    const store = await stores.open({ clock: { now: () => now } });
    await store.write(({ db, at }) => insert(db, { id: 'a', at }));
    expect(await samplesOf(store.db).selectFrom('samples').select('at').execute()).toEqual([{ at: now }]);
  });

  test('a change outside of a write is refused', async () => {
    const store = await stores.open();
    await expect(insert(store.db, { id: 'a' })).rejects.toThrow(ReadOnlyError);
    await expect(sql`delete from events`.execute(store.db)).rejects.toThrow(ReadOnlyError);
    expect(await readIds(store.db)).toEqual([]);
  });

  test('everything is there after closing and opening again', async () => {
    const store = await stores.open();
    await store.write(async ({ db, emit }) => {
      await insert(db, { id: 'a', flag: true });
      emit('sample.made', { id: 'a' });
    });
    await store.close();
    const again = await stores.open();
    expect(await readIds(again.db)).toEqual([{ id: 'a' }]);
    expect(await again.db.selectFrom('events').select(['seq', 'topic']).execute()).toEqual([
      { seq: 1, topic: 'sample.made' },
    ]);
  });

  test('closing waits for all that has begun and refuses what comes later', async () => {
    const store = await stores.open();
    const writes = Array.from({ length: 10 }, (_, index) => store.write(({ db }) => insert(db, { id: `id-${index}` })));
    const reads = Array.from({ length: 40 }, () => readIds(store.db));
    const closed = store.close();
    await expect(store.write(({ db }) => insert(db, { id: 'late' }))).rejects.toThrow(StoreClosedError);
    await expect(Promise.all([...writes, ...reads])).resolves.toHaveLength(50);
    await closed;
    await expect(readIds(store.db)).rejects.toThrow(StoreClosedError);
    await store.close();
    expect(await readIds((await stores.open()).db)).toHaveLength(10);
  });

  test('closing during a long read waits for its answer', async () => {
    const store = await stores.open();
    const count = sql`select count(*) as count from generate_series(1, 3000000) as numbers(number) where number % 3 = 0`;
    const reads = Array.from({ length: 6 }, () => count.execute(store.db));
    await store.close();
    for (const { rows } of await Promise.all(reads)) expect(rows).toEqual([{ count: 1_000_000 }]);
  });
});
