import { expect, test } from 'vitest';
import { formatDuration } from './duration.ts';

test('a duration is told in the two units that matter', () => {
  expect([0, 340, 1000, 3249, 59_949, 59_950, 60_000, 125_000, 3_599_600, 3_780_000].map(formatDuration)).toEqual([
    '0 ms',
    '340 ms',
    '1 s',
    '3.2 s',
    '59.9 s',
    '1 min',
    '1 min',
    '2 min 5 s',
    '1 h',
    '1 h 3 min',
  ]);
});
