import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { program } from '../cli/run-da.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer } from '../kit/server.ts';

const page = readFileSync(join(packageRoot, 'docs/how-to/add-a-connector.md'), 'utf8');

test('who follows the page on connectors has a connector that syncs', { timeout: 120_000 }, async () => {
  const service = await startRates('a-token');
  const folder = scratchFolder();
  const rates = join(folder, 'connectors/rates');
  const bin = installDa(folder);
  const [makeFolder, build, start, use, ...more] = blocks('sh').map(({ text }) => text);
  expect(more).toEqual([]);
  const inShell = shell({ PATH: `${bin}:${process.env['PATH']}`, AGNES: packageRoot, HOME: folder });

  // The packages come from the folder of Agnes, so that the test needs no registry.
  await inShell(folder, makeFolder!.replaceAll(/^npm install .*$/gm, ''));
  symlinkSync(join(packageRoot, 'node_modules'), join(rates, 'node_modules'));
  for (const { file, text } of blocks('ts')) writeFileSync(join(rates, file!), text);
  await inShell(rates, build!);

  const environment = environmentOf(start!, rates);
  expect(environment).toEqual({ CONNECTORS_DIR: `${rates}/..`, RATES_TOKEN: 'a-token' });
  const server = await startTestServer({ environment });
  try {
    const { token } = await server.person('ada', ['core.admin']);
    const da = shell({ PATH: `${bin}:${process.env['PATH']}`, HOME: folder, DA_SERVER: server.url, DA_TOKEN: token });
    const printed = await da(rates, use!.replace('https://rates.example.com', service.url));
    expect(printed).toContain('2026-01-02');
    expect(printed).toContain('1.094500');
    const json = await da(rates, "da query --remote 'SELECT rate, typeof(rate) AS type FROM rates.usd' --json");
    expect(JSON.parse(json)).toEqual([{ rate: '0.913600', type: 'DECIMAL(18,6)' }]);
  } finally {
    await server.close();
    service.close();
  }
});

/** The code blocks of the page; `file` is the name that the heading above gives. */
function blocks(language: string): { text: string; file: string | undefined }[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(({ 1: text = '', index }) => ({
    text,
    file: /.*^## .*`(.+)`$/ms.exec(page.slice(0, index))?.[1],
  }));
}

/** A program `da` on the path, as an installation gives one. */
function installDa(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'da'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(join(bin, 'da'), 0o755);
  return bin;
}

function shell(env: Record<string, string>): (cwd: string, script: string) => Promise<string> {
  return async (cwd, script) => (await promisify(execFile)('bash', ['-euc', script], { cwd, env })).stdout;
}

/** The assignments before `npm`, as the shell would expand them in this folder. */
function environmentOf(command: string, cwd: string): Record<string, string> {
  const words = [...command.split(' npm ')[0]!.matchAll(/([A-Z_]+)="?([^" ]*)"?/g)];
  return Object.fromEntries(words.map(([, name, value]) => [name!, value!.replace('$PWD', cwd)]));
}

async function startRates(token: string) {
  const days: Record<string, string> = { EUR: 'day,rate\n2026-01-02,1.0945\n', USD: 'day,rate\n2026-01-02,0.9136\n' };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
    if (pathname === '/currencies') {
      return response.end('[{"code": "EUR", "name": "Euro"}, {"code": "USD", "name": "US dollar"}]');
    }
    return response.end(days[searchParams.get('currency') ?? '']);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
