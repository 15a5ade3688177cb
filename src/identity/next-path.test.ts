import { expect, test } from 'vitest';
import { nextPath } from './next-path.ts';

test.each([
  ['/', '/'],
  ['/tables', '/tables'],
  ['/tables?search=a%5Cb&x=//y#row', '/tables?search=a%5Cb&x=//y#row'],
  ['/a/../b', '/b'],
  ['/authors', '/authors'],
  ['/käse', '/k%C3%A4se'],
])('%s is a path of our own', (next, expected) => {
  expect(nextPath(next)).toBe(expected);
});

test.each([
  [null],
  [undefined],
  [''],
  ['tables'],
  ['?x'],
  ['https://evil.example'],
  ['javascript:alert(1)'],
  ['//evil.example'],
  ['///evil.example'],
  ['/\\evil.example'],
  ['\\\\evil.example'],
  ['/a?b=\\c'],
  ['/%2fevil.example'],
  ['/%2Fevil.example'],
  ['/%5cevil.example'],
  ['/%255cevil.example'],
  ['/%25252fevil.example'],
  ['/.//evil.example'],
  ['/a/..//evil.example'],
  ['/%2e//evil.example'],
  ['/\t/evil.example'],
  ['/\n/evil.example'],
  ['/a\r\nSet-Cookie: x=1'],
  ['/%0d%0aSet-Cookie:x=1'],
  ['/%00'],
  ['/\u0085'],
  ['/%'],
  [' /tables'],
  ['/auth/sign-out'],
  ['/auth/oidc/google/start'],
  ['/x/../auth/sign-out'],
  [`/${'a'.repeat(3000)}`],
])('%j leads to the first page instead', (next) => {
  expect(nextPath(next)).toBe('/');
});
