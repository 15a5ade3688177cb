import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { describeInBrowser } from '../kit/browser.ts';
import { useWebApp } from './web-app.ts';

const scriptLimitBytes = 200_000;

describeInBrowser('the files of the web app', () => {
  const app = useWebApp();

  test('the first load transfers at most 200 kB of script, and a second one none', async () => {
    const { page, frame } = await app.openPage({ as: await app.person('core.admin') });
    await page.goto(app.server.url);
    await frame.notice('There is no table yet').waitFor();
    await page.getByText('Nobody waits for access to a table.').waitFor();
    const first = await page.evaluate(readScripts);
    expect(first.length).toBeGreaterThan(0);
    const transferred = first.reduce((sum, { transferSize }) => sum + transferSize, 0);
    const unpacked = first.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0);
    expect(transferred).toBeGreaterThan(0);
    expect(transferred).toBeLessThanOrEqual(scriptLimitBytes);
    expect(transferred).toBeLessThan(unpacked / 2);
    await page.reload();
    await frame.notice('There is no table yet').waitFor();
    await page.getByText('Nobody waits for access to a table.').waitFor();
    expect((await page.evaluate(readScripts)).map(({ transferSize }) => transferSize)).toEqual(first.map(() => 0));
  });

  test('the page itself is asked for again each time, and not sent again while it is the same', async () => {
    const page = await fetchFile('/tables/shop.orders');
    expect(page).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-encoding': 'gzip',
        vary: 'Accept-Encoding',
        'content-length': String(page.body.length),
        'content-security-policy': expect.stringContaining("script-src 'self';"),
      },
    });
    const etag = page.headers['etag']!;
    expect(await fetchFile('/', { 'If-None-Match': etag })).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    expect(await fetchFile('/', { 'If-None-Match': `"other", ${etag}` })).toMatchObject({ status: 304 });
    expect(await fetchFile('/', { 'If-None-Match': '"other"' })).toMatchObject({ status: 200 });
  });

  test('hashed files are kept for good, and come plain to who takes no gzip', async () => {
    const html = gunzipSync((await fetchFile('/')).body).toString();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const packed = await fetchFile(script);
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const plain = await fetchFile(script, { 'Accept-Encoding': 'gzip;q=0, identity' });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.body.equals(gunzipSync(packed.body))).toBe(true);
  });

  test('HEAD sends the headers alone, other methods are refused, and missing files are no page', async () => {
    const whole = await fetchFile('/');
    const head = await fetchFile('/', {}, 'HEAD');
    expect(head.body.length).toBe(0);
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
    expect(await fetchFile('/', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    for (const path of ['/assets/missing.js', '/missing.png', '/../package.json', '/%2e%2e%2fpackage.json']) {
      expect(await fetchFile(path)).toMatchObject({ status: 404 });
    }
  });

  /** One file as it travels; `fetch` would unpack it. */
  function fetchFile(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const { hostname, port } = new URL(app.server.url);
    const options = { hostname, port, path, method, agent: false, headers: { 'Accept-Encoding': 'gzip', ...headers } };
    return new Promise<{ status: number | undefined; headers: Record<string, string>; body: Buffer }>(
      (resolve, reject) => {
        get(options, async (response) => {
          const body = Buffer.concat(await response.toArray());
          resolve({ status: response.statusCode, headers: response.headers as Record<string, string>, body });
        }).on('error', reject);
      },
    );
  }
});

function readScripts() {
  return (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
    .filter(({ name }) => name.endsWith('.js'))
    .map(({ transferSize, decodedBodySize }) => ({ transferSize, decodedBodySize }));
}
