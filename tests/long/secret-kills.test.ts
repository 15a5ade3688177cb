import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { putSetting } from '../../src/identity/instance-settings.store.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { setSecret } from '../../src/registry/set-secret.ts';
import { listSecrets } from '../../src/registry/secrets.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { startTestServer } from '../kit/server.ts';

const name = 'PARTNERS_CLIENT_SECRET';
const provider = {
  id: 'partners',
  label: 'Partners',
  issuer: 'https://login.example.org',
  clientId: 'agnes',
  clientSecretEnv: name,
};

/** An instance with a provider whose secret is `first`. */
async function makeInstance(): Promise<string> {
  const server = await startTestServer({ dataDir: scratchFolder() });
  await server.open.services.store.write((tx) => putSetting(tx, 'providers', [provider]));
  await server.run(setSecret, { name, value: 'first' });
  await server.stop();
  return server.dataDir;
}

/** A process that gives the secret this value, or takes it away when it is empty, and is killed at this moment. */
async function killedChange(dataDir: string, value: string, moment: string): Promise<void> {
  const script = join(packageRoot, 'tests/api/instance/secret-changer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, value, moment], {
    cwd: packageRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
}

/** What a server finds there: the secret, whether the provider lets people in by it, and the audit rows of its changes. */
async function found(dataDir: string) {
  const server = await startTestServer({ dataDir });
  const { store, variables, oidc } = server.open.services;
  const rows = await listAuditEvents(store, { limit: 100 });
  const result = {
    value: variables.readKept(name) ?? null,
    isSet: listSecrets(server.open.services).find((secret) => secret.name === name)?.isSet,
    open: oidc.byId.has('partners'),
    rows: rows.map(({ action }) => action).filter((action) => action.startsWith('secret.')).length,
  };
  await server.stop();
  const left = readdirSync(join(dataDir, 'state')).filter((file) => /\.(draft|next)$/.test(file));
  return { ...result, left };
}

test('a kill at any moment of setting a secret leaves the new one with its audit row, or the old one, and never none', async () => {
  const dataDir = await makeInstance();
  await killedChange(dataDir, 'second', 'behind .env_overlay.next');
  await killedChange(dataDir, 'third', 'before .env_overlay');
  expect(await found(dataDir)).toEqual({ value: 'third', isSet: true, open: true, rows: 2, left: [] });
  await killedChange(dataDir, 'fifth', 'behind .env_overlay');
  expect(await found(dataDir)).toEqual({ value: 'fifth', isSet: true, open: true, rows: 3, left: [] });
}, 120_000);

test('a kill while a secret is taken away leaves it there, or takes it away with its audit row', async () => {
  const dataDir = await makeInstance();
  await killedChange(dataDir, '', 'behind .env_overlay.next');
  expect(await found(dataDir)).toEqual({ value: 'first', isSet: true, open: true, rows: 1, left: [] });
  await killedChange(dataDir, '', 'before .env_overlay');
  expect(await found(dataDir)).toEqual({ value: null, isSet: false, open: false, rows: 2, left: [] });
}, 120_000);
