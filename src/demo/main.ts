import { join, resolve } from 'node:path';
import { readConfig, readEnvironment } from '../kernel/config.ts';
import { createLog } from '../kernel/log.ts';
import { exitWith } from '../server/exit-with.ts';
import { startServer } from '../server/start-server.ts';
import { stopOnSignals } from '../server/stop-on-signals.ts';
import { writeSampleCompany } from './sample-company.ts';
import { prepareDemo } from './prepare-demo.ts';

const query = `query Orders {
  viewer { email }
  sql(statement: """
    SELECT status, count(*) AS orders
    FROM company.orders
    GROUP BY ALL
    ORDER BY orders DESC
  """) {
    columns { name type }
    rows
  }
}
`;

try {
  const given = readEnvironment();
  const dataDir = resolve(given['DATA_DIR'] ?? join('data', 'demo'));
  const files = join(dataDir, 'sample-company');
  const config = readConfig({
    ...given,
    // It answers on this machine only, and its port may be another than the one somebody had in mind.
    PUBLIC_URL: undefined,
    DATA_DIR: dataDir,
    LOCAL_DEV_MODE: '1',
    LOG_LEVEL: given['LOG_LEVEL'] ?? 'warn',
    FILES_ALLOWED_ROOTS: given['FILES_ALLOWED_ROOTS'] ?? files,
  });
  const tables = await writeSampleCompany(files);
  const log = createLog(config.logLevel);
  const server = await startServer({ config, log, defaultQuery: query, nextFreePort: true, onFatal: exitWith });
  stopOnSignals(server);
  server.open.services.statements.warm();
  say(banner(config.developmentUserEmail));
  sayWhenPortTaken(config.port, server.url);
  await prepareDemo({
    open: server.open,
    folder: files,
    tables,
    email: config.developmentUserEmail,
    groups: config.developmentGroups,
    say,
  });
  say(invitation(server.url));
} catch (error) {
  exitWith(error);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayWhenPortTaken(wanted: number, url: string): void {
  const port = Number(new URL(url).port || 80);
  if (wanted === 0 || port === wanted) return;
  say(`Port ${wanted} is taken by another program; the demo listens on ${port} instead.`);
}

function banner(email: string): string {
  return [
    '',
    '  DEVELOPMENT SIGN-IN: everybody on this machine is signed in as',
    `  ${email}, an administrator. It answers on loopback only.`,
    '  `npm start` and containers have neither this nor the sample data.',
    '',
  ].join('\n');
}

function invitation(url: string): string {
  return [
    '',
    `  Web       ${url}/`,
    `  GraphiQL  ${url}/graphiql`,
    '',
    '  Paste into a terminal:',
    `    curl -s ${url}/graphql -H 'content-type: application/json' \\`,
    `      -d '{"query":"{ sql(statement: \\"SELECT count(*) AS orders FROM company.orders\\") { rows } }"}'`,
    '',
    '  Or with the command line program:',
    `    DA_SERVER=${url} npx da query --remote 'SELECT status, count(*) FROM company.orders GROUP BY ALL'`,
    `    DA_SERVER=${url} npx da metrics run revenue/total_revenue --from 2026-01-01`,
    `    DA_SERVER=${url} npx da sync start company --watch`,
    '',
    'Ready. Stop with Ctrl+C.',
  ].join('\n');
}
