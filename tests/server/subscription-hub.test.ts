import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinHub } from './hub-member.ts';
import { until } from './socket-client.ts';
import { createStage, type Stage } from './stage.ts';

const events = 'subscription ($tables: [ID!]) { tableEvents(tables: $tables) { number readable } }';

let stage: Stage;

beforeEach(() => {
  stage = createStage();
  stage.rights.add('ana', { tables: ['orders', 'salaries'] });
  stage.rights.add('ben', { tables: ['orders'] });
  stage.rights.add('cyd', { tables: ['orders'] });
});

afterEach(() => stage.hub.close());

function numbers(member: { data: Record<string, unknown>[] }): unknown[] {
  return member.data.map((data) => (data['tableEvents'] as { number: number } | null)?.number);
}

describe('sharing', () => {
  test('an event is executed once for each set of rights, and everyone gets the result of theirs', async () => {
    const [ana, ben, cyd] = ['ana', 'ben', 'cyd'].map((name) => joinHub(stage, name, { query: events }));
    stage.emit({ table: 'orders' });
    await until(() => ana?.data.length === 1 && ben?.data.length === 1 && cyd?.data.length === 1);
    expect(ana?.data).toEqual([{ tableEvents: { number: 1, readable: ['orders', 'salaries'] } }]);
    expect(ben?.data).toEqual([{ tableEvents: { number: 1, readable: ['orders'] } }]);
    expect(cyd?.data).toEqual(ben?.data);
    expect(stage.hub.executionCount).toBe(2);
  });

  test('nobody is executed for an event that no group may see', async () => {
    const ben = joinHub(stage, 'ben', { query: events });
    stage.emit({ table: 'salaries' });
    stage.emit({ table: 'orders' });
    await until(() => ben.data.length === 1);
    expect(numbers(ben)).toEqual([2]);
    expect(stage.hub.executionCount).toBe(1);
  });

  test('a document that reaches a personal field is executed for each user', async () => {
    const query = 'subscription { tableEvents { ...Mine } } fragment Mine on TableEvent { me }';
    const ben = joinHub(stage, 'ben', { query });
    const cyd = joinHub(stage, 'cyd', { query });
    stage.emit({ table: 'orders' });
    await until(() => ben.data.length === 1 && cyd.data.length === 1);
    expect(ben.data).toEqual([{ tableEvents: { me: 'ben@example.com' } }]);
    expect(cyd.data).toEqual([{ tableEvents: { me: 'cyd@example.com' } }]);
  });

  test('variables are compared by value: order of keys and undeclared ones make no difference, null does', async () => {
    const query = 'subscription ($tables: [ID!] = ["orders"]) { tableEvents(tables: $tables) { number } }';
    const all = [
      joinHub(stage, 'ben', { query }),
      joinHub(stage, 'cyd', { query, variables: { other: 1 } }),
      joinHub(stage, 'cyd', { query, variables: { tables: null } }),
      joinHub(stage, 'cyd', { query, variables: { tables: ['salaries'] } }),
    ];
    stage.emit({ table: 'orders' });
    await until(() => all.slice(0, 3).every((member) => member.data.length === 1));
    expect(stage.hub.executionCount).toBe(2);
    expect(all[3]?.data).toEqual([]);
  });

  test('events arrive in order, even when an earlier one takes longer', async () => {
    let slow = true;
    stage.pause = () => new Promise((resolve) => setTimeout(resolve, slow ? 30 : 0));
    const ana = joinHub(stage, 'ana', { query: events });
    stage.emit({ table: 'orders' });
    for (let more = 0; more < 20; more += 1) stage.emit({ table: more % 2 ? 'orders' : 'salaries' });
    await until(() => ana.data.length > 0);
    slow = false;
    await until(() => ana.data.length === 21);
    expect(numbers(ana)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });
});

describe('joining', () => {
  test('nobody joins without a credential that is good, or without the role of the field', () => {
    stage.rights.revokeToken('ben');
    expect(() => joinHub(stage, 'ben', { query: events })).toThrow('Sign in first.');
    expect(() => joinHub(stage, 'cyd', { query: 'subscription { adminEvents { number } }' })).toThrow('role admin');
    expect(stage.hub.memberCount).toBe(0);
  });

  test('variables that do not fit are refused', () => {
    expect(() => joinHub(stage, 'ben', { query: events, variables: { tables: [{}] } })).toThrow('$tables');
  });

  test('a root field that @skip takes away cannot be listened to', () => {
    const query = 'subscription { tableEvents @skip(if: true) { number } }';
    expect(() => joinHub(stage, 'ben', { query })).toThrow('without @skip or @include');
  });

  test('who has left gets nothing more, and the last one to leave ends the channel', async () => {
    const ana = joinHub(stage, 'ana', { query: events });
    const ben = joinHub(stage, 'ben', { query: events });
    ana.leave();
    stage.emit({ table: 'orders' });
    await until(() => ben.data.length === 1);
    ben.leave();
    stage.emit({ table: 'orders' });
    const cyd = joinHub(stage, 'cyd', { query: events });
    stage.emit({ table: 'orders' });
    await until(() => cyd.data.length === 1);
    expect([ana.data.length, ben.data.length, numbers(cyd)]).toEqual([0, 1, [3]]);
  });
});

describe('when rights change', () => {
  /** Holds executions until it is opened. */
  function gate(): () => void {
    let open = () => {};
    const closed = new Promise<void>((resolve) => (open = resolve));
    stage.pause = () => closed;
    return open;
  }

  test('what was executed with a right that is gone is not handed out; others lose nothing', async () => {
    stage.rights.add('dan', { tables: ['orders', 'salaries'] });
    const [ana, dan] = ['ana', 'dan'].map((name) => joinHub(stage, name, { query: events }));
    const open = gate();
    stage.emit({ table: 'salaries' });
    stage.emit({ table: 'orders' });
    await until(() => stage.hub.executionCount === 1);
    stage.rights.change('ana', ({ tables }) => tables.delete('salaries'));
    open();
    await until(() => ana?.data.length === 1 && dan?.data.length === 2);
    expect(ana?.data).toEqual([{ tableEvents: { number: 2, readable: ['orders'] } }]);
    expect(dan?.data.map((data) => data['tableEvents'])).toEqual([
      { number: 1, readable: ['orders', 'salaries'] },
      { number: 2, readable: ['orders', 'salaries'] },
    ]);
  });

  test('a right that was taken and given back while an execution ran does not let its result through', async () => {
    const query = 'subscription { tableEvents { number readable readableLate } }';
    const ana = joinHub(stage, 'ana', { query });
    const open = gate();
    stage.emit({ table: 'orders' });
    await until(() => stage.hub.executionCount === 1);
    stage.rights.change('ana', ({ tables }) => tables.add('secrets'));
    open();
    await Promise.resolve();
    stage.rights.change('ana', ({ tables }) => tables.delete('secrets'));
    await until(() => ana.data.length === 1);
    const tables = ['orders', 'salaries'];
    expect(ana.data).toEqual([{ tableEvents: { number: 1, readable: tables, readableLate: tables } }]);
    expect(stage.hub.executionCount).toBe(2);
  });

  test('the member on whose rights a group was executed may lose the role: it is ended, the others are served', async () => {
    for (const name of ['ben', 'cyd']) stage.rights.change(name, ({ roles }) => roles.add('admin'));
    const query = 'subscription { adminEvents { number readable } }';
    const ben = joinHub(stage, 'ben', { query });
    const cyd = joinHub(stage, 'cyd', { query });
    const open = gate();
    stage.emit({ table: 'orders' });
    await until(() => stage.hub.executionCount === 1);
    stage.rights.change('ben', ({ roles }) => roles.delete('admin'));
    open();
    await until(() => cyd.data.length === 1 && ben.ended !== undefined);
    expect(ben.data).toEqual([]);
    expect(ben.ended?.extensions['code']).toBe('FORBIDDEN');
    expect(cyd.ended).toBeUndefined();
  });

  test('whose token is revoked or who is deactivated is ended at once, without an event', async () => {
    const [ana, ben, cyd] = ['ana', 'ben', 'cyd'].map((name) => joinHub(stage, name, { query: events }));
    stage.rights.revokeToken('ana');
    stage.rights.change('ben', (person) => (person.active = false));
    await until(() => ana?.ended !== undefined && ben?.ended !== undefined);
    expect(ana?.ended?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(ben?.ended?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(cyd?.ended).toBeUndefined();
    expect(stage.hub.memberCount).toBe(1);
  });

  test('a credential that ends by time alone ends the subscription within seconds', async () => {
    const ana = joinHub(stage, 'ana', { query: events });
    stage.rights.expireToken('ana');
    await until(() => ana.ended !== undefined);
    expect(ana.ended?.extensions['code']).toBe('UNAUTHENTICATED');
  });
});

describe('when something fails', () => {
  test('a nested refusal leaves the rest of the answer standing', async () => {
    const answers: unknown[] = [];
    const query = 'subscription { tableEvents { number adminOnly } }';
    const ben = joinHub(stage, 'ben', { query, onDeliver: (data) => answers.push(data) });
    stage.emit({ table: 'orders' });
    await until(() => answers.length === 1);
    expect(answers).toEqual([{ tableEvents: { number: 1, adminOnly: null } }]);
    expect(ben.ended).toBeUndefined();
  });

  test('a member that cannot be handed anything is ended; the others go on', async () => {
    const broken = joinHub(stage, 'ben', {
      query: events,
      onDeliver() {
        throw new Error('the password is 1234');
      },
    });
    const cyd = joinHub(stage, 'cyd', { query: events });
    stage.emit({ table: 'orders' });
    await until(() => cyd.data.length === 1);
    expect(broken.ended?.message).toBe('Unexpected error.');
  });
});
