import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

describe('PUBLIC_URL', () => {
  test('may be called by the predecessor’s name, and wins over it', () => {
    const old = { SERVER_URL: 'https://old.example.com' };
    expect(readConfig(old).publicUrl).toBe('https://old.example.com');
    expect(readConfig({ ...old, PUBLIC_URL: 'https://new.example.com/' }).publicUrl).toBe('https://new.example.com');
    expect(() => readConfig({ SERVER_URL: 'nowhere' })).toThrow(/PUBLIC_URL: /);
  });
});
