import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatRelativeTime } from './format.ts';

describe('formats', () => {
  test('a count keeps every digit, beyond 2^53 too', () => {
    expect(formatCount('9007199254740993')).toBe('9,007,199,254,740,993');
    expect(formatCount('0')).toBe('0');
  });

  test('a size takes the unit that leaves at most three digits before the point', () => {
    expect(formatBytes('0')).toBe('0 B');
    expect(formatBytes('999')).toBe('999 B');
    expect(formatBytes('999999')).toBe('1 MB');
    expect(formatBytes('1234567')).toBe('1.23 MB');
    expect(formatBytes('9007199254740993')).toBe('9.01 PB');
  });

  test('a moment is told in the largest unit that it fills', () => {
    const now = new Date('2026-01-31T12:00:00Z');
    const ago = (seconds: number) => formatRelativeTime(new Date(now.getTime() - seconds * 1000), now);
    expect(ago(0)).toBe('just now');
    expect(ago(59)).toBe('just now');
    expect(ago(60)).toBe('1 minute ago');
    expect(ago(3 * 3600)).toBe('3 hours ago');
    expect(ago(86_400)).toBe('yesterday');
    expect(ago(400 * 86_400)).toBe('last year');
  });

  test('a clock that runs behind the server is not told as a past time', () => {
    const now = new Date('2026-01-31T12:00:00Z');
    expect(formatRelativeTime(new Date('2026-01-31T12:00:30Z'), now)).toBe('just now');
  });
});
