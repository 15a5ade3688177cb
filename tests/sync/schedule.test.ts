import { describe, expect, test } from 'vitest';
import { nextTurn, schedule } from '../../src/registry/schedule.ts';

const next = (text: string, from: string) => nextTurn(text, new Date(from)).toISOString();

describe('an interval', () => {
  test('is counted from the last turn', () => {
    expect(next('every 15m', '2026-03-01T07:02:03.004Z')).toBe('2026-03-01T07:17:03.004Z');
    expect(next('every 2h', '2026-03-01T23:00:00Z')).toBe('2026-03-02T01:00:00.000Z');
  });
});

describe('times of the day', () => {
  test('are the next of them in UTC, in whatever order they were written', () => {
    for (const text of ['daily 07:00,19:30', 'daily 19:30,07:00']) {
      expect(next(text, '2026-03-01T06:59:59.999Z')).toBe('2026-03-01T07:00:00.000Z');
      expect(next(text, '2026-03-01T12:00:00Z')).toBe('2026-03-01T19:30:00.000Z');
      expect(next(text, '2026-12-31T19:30:01Z')).toBe('2027-01-01T07:00:00.000Z');
    }
  });

  test('taken on at the very instant are not due again before the next', () => {
    expect(next('daily 07:00', '2026-03-01T07:00:00Z')).toBe('2026-03-02T07:00:00.000Z');
  });
});

describe('cron fields', () => {
  test.each([
    ['0 7 * * 1-5', '2026-03-06T07:00:00Z', '2026-03-09T07:00:00.000Z'],
    ['*/15 * * * *', '2026-03-01T07:00:00Z', '2026-03-01T07:15:00.000Z'],
    ['30 1 1 * *', '2026-03-01T01:30:01Z', '2026-04-01T01:30:00.000Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    // In Central Europe this hour comes twice that night; in UTC it does not.
    ['30 1 * * *', '2026-10-25T00:45:00Z', '2026-10-25T01:30:00.000Z'],
  ])('%s after %s is %s', (text, from, expected) => {
    expect(next(text, from)).toBe(expected);
  });
});

describe('what is no schedule', () => {
  test.each([
    '',
    'every 15',
    'every15m',
    'every  15m',
    'every 15s',
    'every -5m',
    'every 0m',
    'every 721h',
    'Every 15m',
    'daily 7:00',
    'daily 24:00',
    'daily 07:60',
    'daily 07:00, 19:30',
    'daily 07:00,',
    'weekly',
    '@daily',
    '* * * *',
    '* * * * * *',
    '61 * * * *',
    '0 0 30 2 *',
  ])('%j is refused with a sentence that shows the grammar', (text) => {
    const [issue] = schedule.safeParse(text).error?.issues ?? [];
    expect(issue?.message).toBe(
      `${JSON.stringify(text)} is no schedule. Write every 15m, every 2h, daily 07:00,19:30 (UTC), or five cron fields such as 0 7 * * 1-5 (UTC); the longest interval is 30 days.`,
    );
  });

  test.each(['every 15m', 'every 720h', 'daily 07:00,19:30', '0 7 * * MON', ' every 1m '])('%j is accepted', (text) => {
    expect(schedule.parse(text)).toBe(text.trim());
  });
});
