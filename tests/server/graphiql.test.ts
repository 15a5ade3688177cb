import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { createGraphiql } from '../../src/server/graphiql.ts';

let server: Server;
let address: string;

beforeAll(async () => {
  const graphiql = createGraphiql({ defaultQuery: '{ viewer { email } } # </script>', log: createLog('silent') });
  server = createServer((request, response) => {
    if (!graphiql(request, response)) response.writeHead(418).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => void server.close());

async function loadedBy(page: string): Promise<string[]> {
  return [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url ?? '');
}

test('the page and everything it loads come from this server, and everything it names is there', async () => {
  const page = await (await fetch(`${address}/graphiql`)).text();
  const urls = (await loadedBy(page)).filter((url) => url !== 'data:,');
  expect(urls).toHaveLength(4);
  const texts: string[] = [];
  for (const url of urls) {
    expect(url).toMatch(/^\/graphiql\/[0-9a-f]{16}\.(js|css)$/);
    const response = await fetch(address + url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('cache-control')).toContain('immutable');
    texts.push(await response.text());
  }
  const [styles = '', workers = '', , start = ''] = texts;
  expect(page).not.toMatch(/https?:/);
  expect(styles).not.toMatch(/url\(\s*['"]?(https?:)?\/\/|@import/);
  expect(start).toContain('"method":"POST","subscriptionsProtocol":"SSE","credentials":"same-origin"');
  expect(start).toContain('viewer { email }');
  const named = workers.match(/\/graphiql\/[0-9a-f]{16}\.js/g) ?? [];
  expect(named).toHaveLength(3);
  for (const url of named) expect((await fetch(address + url)).status).toBe(200);
});

test('the policy of the page forbids every foreign host and inline scripts', async () => {
  const policy = (await fetch(`${address}/graphiql`)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
});

test('what a browser has is not sent again, and who cannot unzip gets it plain', async () => {
  const first = await fetch(`${address}/graphiql/`);
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${address}/graphiql`, { headers: { 'If-None-Match': etag } });
  expect(again.status).toBe(304);
  const plain = await fetch(`${address}/graphiql`, { headers: { 'Accept-Encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe(await first.text());
});

test('other methods, unknown files and other paths are told apart', async () => {
  expect((await fetch(`${address}/graphiql`, { method: 'POST' })).status).toBe(405);
  const head = await fetch(`${address}/graphiql`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await fetch(`${address}/graphiql/nothing.js`)).status).toBe(404);
  expect((await fetch(`${address}/graphiqlx`)).status).toBe(418);
});
