// `npm start` and `npm run demo`: builds what is stale, then runs the bundled program in a process of its own, because the
// size of libuv's thread pool must stand in the environment before Node starts.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

const program = process.argv[2];
await buildIfStale();
const dist = resolve(fileURLToPath(import.meta.url), '../../../dist');
const child = spawn(process.execPath, ['--enable-source-maps', join(dist, `${program}.js`), ...process.argv.slice(3)], {
  stdio: 'inherit',
  env: { NODE_ENV: 'production', UV_THREADPOOL_SIZE: '16', ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
