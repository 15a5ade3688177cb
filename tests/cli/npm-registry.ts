import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../src/build/tar.mjs';
import { packageRoot } from '../../src/kernel/package-root.ts';

const name = '@duckdb/node-bindings';

/** A registry of one package: what `da` needs from outside, as a package that leads to the one that is installed here. */
export async function openRegistry(): Promise<{ url: string; close(): void }> {
  const installed = join(packageRoot, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string };
  const archive = gzipSync(
    tarOf([
      { path: 'package/package.json', text: JSON.stringify({ name, version, main: 'index.cjs' }) },
      { path: 'package/index.cjs', text: `module.exports = require(${JSON.stringify(installed)});\n` },
    ]),
  );
  const server = createServer((request, response) => {
    if (request.url === '/api.tgz') return void response.end(archive);
    if (decodeURIComponent(request.url ?? '') !== `/${name}`) return void response.writeHead(404).end();
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    const dist = { tarball: `${url}/api.tgz`, integrity };
    response.setHeader('Content-Type', 'application/json');
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
