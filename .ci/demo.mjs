// Starts `npm run demo` with a folder of its own on a free port, asks one query over HTTP, hears one event over WebSocket, and
// stops it. Exits 0 when all of that worked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const secondsUntilReady = 120;
const folder = mkdtempSync(join(tmpdir(), 'agnes-demo-'));
const begun = Date.now();
// A group of its own, so that npm, the launcher and the demo end together.
const demo = spawn('npm', ['run', 'demo'], {
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, DATA_DIR: folder, PORT: '0' },
});
const ended = once(demo, 'close');
let printed = '';
demo.stdout.setEncoding('utf8').on('data', (text) => {
  printed += text;
  process.stdout.write(text);
});

try {
  const url = await ready();
  console.log(`The demo was ready after ${seconds(begun)} s.`);
  const { sql } = await ask(url, '{ sql(statement: "SELECT count(*) FROM company.orders") { rows } }');
  if (!(Number(sql.rows[0][0]) > 0)) throw new Error(`unexpected rows: ${JSON.stringify(sql)}`);
  console.log(`HTTP: company.orders has ${sql.rows[0][0]} rows.`);
  const event = await hearEvent(url);
  console.log(`WebSocket: ${event.__typename} of ${event.source}.`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}

async function ready() {
  const late = Date.now() + secondsUntilReady * 1000;
  while (!printed.includes('Ready.')) {
    if (demo.exitCode !== null) throw new Error(`the demo ended with ${demo.exitCode}`);
    if (Date.now() > late) throw new Error(`the demo was not ready within ${secondsUntilReady} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return /Web\s+(http:\/\/\S+?)\/?\n/.exec(printed)[1];
}

async function ask(url, query) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(30_000),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Subscribes, starts a sync, and resolves to the first event of it. */
async function hearEvent(url) {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const late = setTimeout(() => client.terminate(), 30_000);
  try {
    const events = client.iterate({ query: 'subscription { syncEvents { __typename source } }' });
    const first = events.next();
    let heard = false;
    void first.finally(() => (heard = true)).catch(() => {});
    // The server does not say when it listens for us: one sync after another until one is heard of.
    for (let attempt = 1; !heard && attempt <= 20; attempt += 1) {
      await ask(url, 'mutation { startSync(input: { source: "company" }) { __typename } }');
      await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
    const { value } = await first;
    if (!value?.data) throw new Error(`no event: ${JSON.stringify(value)}`);
    return value.data.syncEvents;
  } finally {
    clearTimeout(late);
    await client.dispose();
  }
}

async function stop() {
  const patience = setTimeout(() => signalGroup('SIGKILL'), 15_000);
  signalGroup('SIGTERM');
  await ended;
  clearTimeout(patience);
}

function signalGroup(name) {
  try {
    process.kill(-demo.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
