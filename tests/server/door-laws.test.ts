import { describe, expect, test } from 'vitest';
import { hostAllowedInDevelopment, originAllowed } from '../../src/server/origin.ts';
import { needsOrigin, presentedCredential } from '../../src/server/presented-credential.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../../src/server/session-cookie.ts';

const https = 'https://agnes.example.com';
const http = 'http://127.0.0.1:8000';

describe('origins', () => {
  const law = { publicUrl: `${https}/`, corsOrigins: ['https://app.example.com', 'http://localhost:5173/', '*'] };

  test.each(['https://agnes.example.com', 'https://app.example.com', 'http://localhost:5173'])('%s may', (origin) => {
    expect(originAllowed({ ...law, origin })).toBe(true);
  });

  test.each([
    undefined,
    '',
    'null',
    '*',
    'http://agnes.example.com',
    'https://agnes.example.com:8443',
    'https://agnes.example.com/',
    'https://agnes.example.com.evil.example',
    'https://evil.example/?https://agnes.example.com',
    'http://localhost:5174',
  ])('%s may not', (origin) => {
    expect(originAllowed({ ...law, origin })).toBe(false);
  });
});

describe('hosts in development mode', () => {
  test.each(['localhost', 'LOCALHOST:8000', '127.0.0.1:8000', '127.0.0.1', '[::1]:8000', '[::1]'])('%s may', (host) => {
    expect(hostAllowedInDevelopment(host)).toBe(true);
  });

  test.each([
    undefined,
    '',
    'localhost.evil.example',
    'evil.example:8000',
    '127.0.0.1@evil.example',
    '127.0.0.1:8000,evil',
    '::1',
    '0.0.0.0',
  ])('%s may not', (host) => {
    expect(hostAllowedInDevelopment(host)).toBe(false);
  });
});

describe('the session cookie', () => {
  test('is tied to this host and to https where there is https', () => {
    expect(setSessionCookie('s3', https, 3600)).toBe(
      '__Host-agnes=s3; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure',
    );
    expect(setSessionCookie('s3', http, 3600)).toBe('agnes=s3; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax');
    expect(clearSessionCookie(https)).toBe('__Host-agnes=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure');
  });

  test('is read under its own name only', () => {
    expect(readSessionCookie('a=b; __Host-agnes=s3;c=d', https)).toBe('s3');
    expect(readSessionCookie('agnes=s3', https)).toBeUndefined();
    expect(readSessionCookie('xagnes=1; agnes=s3', http)).toBe('s3');
    expect(readSessionCookie('agnes=', http)).toBeUndefined();
    expect(readSessionCookie(undefined, http)).toBeUndefined();
  });
});

describe('what a request shows', () => {
  function shown(authorization: unknown, cookie?: string) {
    return presentedCredential({ authorization, cookie }, http);
  }

  test('a bearer token wins over the cookie, and a malformed one too', () => {
    expect(shown('Bearer abc.DEF-1_2~3+4/5==', 'agnes=s3')).toEqual({ kind: 'bearer', token: 'abc.DEF-1_2~3+4/5==' });
    expect(shown('bearer abc', 'agnes=s3')).toEqual({ kind: 'bearer', token: 'abc' });
    for (const bad of ['', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic abc', 'abc', 7, {}]) {
      expect(shown(bad, 'agnes=s3')).toEqual({ kind: 'malformed' });
    }
  });

  test('without one it is the cookie, or nothing', () => {
    expect(shown(undefined, 'agnes=s3')).toEqual({ kind: 'cookie', session: 's3' });
    expect(shown(undefined)).toEqual({ kind: 'none' });
  });

  test('the origin is asked for whatever the browser shows by itself', () => {
    expect(needsOrigin(shown(undefined, 'agnes=s3'), { origin: undefined, developmentMode: false })).toBe(true);
    expect(needsOrigin(shown(undefined), { origin: 'http://evil.example', developmentMode: true })).toBe(true);
    expect(needsOrigin(shown(undefined), { origin: undefined, developmentMode: true })).toBe(false);
    expect(needsOrigin(shown(undefined), { origin: undefined, developmentMode: false })).toBe(false);
    expect(needsOrigin(shown('Bearer abc', 'agnes=s3'), { origin: undefined, developmentMode: true })).toBe(false);
  });
});
