import { expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import type { StoredEvent } from '../../src/store/store.ts';
import { describeOnBoth } from './stores.ts';

describeOnBoth((stores) => {
  test('events of 50 writes at once are numbered without a gap, in the order of the commits', async () => {
    const store = await stores.open();
    const heard: StoredEvent[] = [];
    store.onCommit((events) => heard.push(...events));
    const changes = Array.from({ length: 50 }, (_, index) =>
      store.write(async ({ emit }) => {
        emit('first', { index });
        emit('second', { index });
        if (index % 10 === 9) throw new Error('rolled back');
      }),
    );
    await Promise.allSettled(changes);
    const stored = await store.db.selectFrom('events').selectAll().orderBy('seq').execute();
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(heard).toEqual(stored.map((event) => ({ ...event, payload: JSON.parse(event.payload) as unknown })));
    expect(heard.map(({ topic }) => topic).slice(0, 4)).toEqual(['first', 'second', 'first', 'second']);
  });

  test('every listener has heard of a change before the write resolves, and the change is readable to it', async () => {
    const store = await stores.open();
    const order: string[] = [];
    store.onCommit(() => order.push('one'));
    store.onCommit(() => order.push('two'));
    await store.write(async ({ emit }) => {
      emit('topic', null);
      order.push('change');
    });
    order.push('resolved');
    expect(order).toEqual(['change', 'one', 'two', 'resolved']);
  });

  test('a listener that throws stops neither the others nor the write', async () => {
    const store = await stores.open({ log: createLog('silent') });
    let heard = 0;
    store.onCommit(() => {
      throw new Error('a fault of the listener');
    });
    store.onCommit(() => (heard += 1));
    await expect(store.write(async ({ emit }) => emit('topic', 1))).resolves.toBeUndefined();
    expect(heard).toBe(1);
  });

  test('a stopped listener hears nothing more; a write without events calls nobody', async () => {
    const store = await stores.open();
    let heard = 0;
    const stop = store.onCommit(() => (heard += 1));
    await store.write(async () => undefined);
    expect(heard).toBe(0);
    await store.write(async ({ emit }) => emit('topic', 1));
    stop();
    await store.write(async ({ emit }) => emit('topic', 2));
    expect(heard).toBe(1);
  });

  test('a payload is what was emitted, whatever becomes of the object', async () => {
    const store = await stores.open();
    const heard: unknown[] = [];
    store.onCommit((events) => heard.push(...events.map(({ payload }) => payload)));
    await store.write(async ({ emit }) => {
      const payload = { at: new Date(0), list: [1], none: undefined };
      emit('topic', payload);
      payload.list.push(2);
      emit('topic', undefined);
    });
    expect(heard).toEqual([{ at: '1970-01-01T00:00:00.000Z', list: [1] }, null]);
  });

  test('a transaction may emit more events than one statement holds', async () => {
    const store = await stores.open();
    await store.write(async ({ emit }) => {
      for (let index = 1; index <= 1100; index += 1) emit('topic', { index });
    });
    const { count, last } = await store.db
      .selectFrom('events')
      .select((select) => [select.fn.countAll().as('count'), select.fn.max('seq').as('last')])
      .executeTakeFirstOrThrow();
    expect([count, last]).toEqual([1100, 1100]);
  });

  test('pruning deletes what is older, but never the newest event, so that the numbers go on', async () => {
    let now = new Date('2024-01-01T00:00:00Z');
    const store = await stores.open({ clock: { now: () => now } });
    const emit = () => store.write(async (tx) => tx.emit('topic', null));
    await emit();
    await emit();
    now = new Date('2024-01-09T00:00:00Z');
    await emit();
    expect(await store.pruneEvents(new Date('2024-01-02T00:00:00Z'))).toBe(2);
    expect(await store.pruneEvents(new Date('2024-02-01T00:00:00Z'))).toBe(0);
    await emit();
    const left = await store.db.selectFrom('events').select('seq').orderBy('seq').execute();
    expect(left).toEqual([{ seq: 3 }, { seq: 4 }]);
  });
});
