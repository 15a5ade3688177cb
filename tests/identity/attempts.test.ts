import { beforeEach, expect, test } from 'vitest';
import { Attempts, TooManyAttemptsError, type Attempt } from '../../src/identity/attempts.ts';
import { atMost } from '../../src/kernel/at-most.ts';

const ada: Attempt = { door: 'password', account: 'ada@example.com', address: '192.0.2.1' };
let now: number;
let attempts: Attempts;

beforeEach(() => {
  now = 0;
  attempts = new Attempts({ now: () => new Date(now) });
});

/** One failed try; how many seconds it was told to wait instead, 0 when it counted. */
function fail(attempt: Attempt = ada): number {
  try {
    attempts.demand(attempt);
    attempts.failed(attempt);
    return 0;
  } catch (error) {
    return (error as TooManyAttemptsError).retryAfterSeconds;
  }
}

function failTimes(times: number, attempt?: Attempt): void {
  for (let time = 0; time < times; time += 1) fail(attempt);
}

test('behind the free tries each waits twice as long as the one before, up to 15 minutes', () => {
  failTimes(6);
  const waits: number[] = [];
  for (let round = 0; round < 13; round += 1) {
    const wait = fail();
    waits.push(wait);
    now += wait * 1000 - 1;
    expect(fail()).toBe(1);
    now += 1;
    expect(fail()).toBe(0);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('neither the account elsewhere nor another account there waits; the address does when it names many', () => {
  failTimes(50);
  expect(fail()).toBeGreaterThan(0);
  expect(fail({ ...ada, address: '192.0.2.2' })).toBe(0);
  expect(fail({ ...ada, account: 'bob@example.com' })).toBe(0);
  expect(fail({ ...ada, door: 'setup', account: null })).toBe(0);
  for (let account = 0; account < 30; account += 1) fail({ ...ada, account: `user${account}@example.com` });
  expect(fail({ ...ada, account: 'new@example.com' })).toBeGreaterThan(0);
});

test('a success forgets the failures of this account there, but not those that named others', () => {
  failTimes(5);
  attempts.demand(ada);
  attempts.succeeded(ada);
  failTimes(5);
  expect(fail()).toBe(0);
  for (let account = 0; account < 10; account += 1) {
    fail({ ...ada, account: `user${account}@example.com` });
    now += 20_000;
    attempts.demand({ ...ada, account: 'mallory@example.com' });
    attempts.succeeded({ ...ada, account: 'mallory@example.com' });
  }
  fail({ ...ada, account: 'one-more@example.com' });
  expect(fail({ ...ada, account: 'yet-one@example.com' })).toBeGreaterThan(0);
});

test('tries at the same instant are not free: each counts before it is known how it ended', () => {
  for (let time = 0; time < 6; time += 1) attempts.demand(ada);
  expect(() => attempts.demand(ada)).toThrow(TooManyAttemptsError);
});

test('all addresses of one IPv6 customer are one, however they are written', () => {
  const from = (address: string) => fail({ ...ada, account: null, address });
  for (let host = 0; host < 21; host += 1) from(`2001:db8:0:1::${host}`);
  expect(from('2001:DB8::1:ffff:0:0:1')).toBe(1);
  expect(from('2001:db8:0:2::1')).toBe(0);
});

test('an hour without a try forgets everything', () => {
  failTimes(10);
  now += 3_600_000;
  expect(fail()).toBe(0);
});

test('at most so many tasks run at the same time, all run in their order, and a failed one gives its place away', async () => {
  const inTurn = atMost(3);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, number) =>
      inTurn(async () => {
        order.push(number);
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (number % 5 === 0) throw new Error('failed');
        return number;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(order).toEqual(Array.from({ length: 20 }, (_, number) => number));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4);
});
