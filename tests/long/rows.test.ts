import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BigQueryStandIn } from '../connectors/bigquery-stand-in.ts';
import { JiraStandIn, type StandInIssue } from '../connectors/jira-stand-in.ts';
import { KeboolaStandIn } from '../connectors/keboola-stand-in.ts';
import { writeExtractDirectory } from '../kit/extract-directory.ts';
import { readRows } from '../kit/parquet-rows.ts';
import { watchMemory } from '../kit/resident-memory.ts';
import { scratchFolder } from '../kit/scratch-folder.ts';
import { change, completeSetup, lastRunEnded, sqlRows } from '../programs/first-steps.ts';
import { addressOf, freePort, setupSecretOf, startProgram } from '../programs/program.ts';

/** How many rows each connector brings: `AGNES_ROWS`, a multiple of 200,000. */
const count = Number(process.env['AGNES_ROWS'] ?? 10_000_000);
/** Of the server and its children: DuckDB may hold 1 GB for the files and half as much for pages, the rest is for all else. */
const mostMegabytes = 2500;

interface Source {
  readonly connector: string;
  readonly config: Record<string, unknown>;
  readonly environment?: Record<string, string>;
  readonly options: Record<string, unknown>;
  /** A whole number from 0 on, one of each row. */
  readonly number?: string;
}

/** Syncs one table with a server of its own, which is watched, and expects each row once in what is published. */
async function expectRows({ connector, config, environment = {}, options, number = 'id' }: Source): Promise<void> {
  const dataDir = scratchFolder();
  const port = String(await freePort());
  const server = startProgram('server', { DATA_DIR: dataDir, PORT: port, LOG_LEVEL: 'warn', ...environment });
  const url = await addressOf(server);
  const as = await completeSetup(url, await setupSecretOf(server));
  const source = { name: 'tested', connector, config };
  await change(url, { as, mutation: 'createSource', input: source, selection: 'source { id }' });
  const table = { source: 'tested', name: 'visits', isPublic: true, options };
  await change(url, { as, mutation: 'registerTable', input: table, selection: 'table { id }' });
  const watch = watchMemory(server.pid);
  const begun = Date.now();
  await change(url, { as, mutation: 'startSync', input: { source: 'tested' }, selection: 'run { id }' });
  const run = await lastRunEnded(url, as, 500);
  const seconds = Math.round((Date.now() - begun) / 1000);
  const [row] = await sqlRows(url, { as, statement: 'SELECT count(*) FROM tested.visits' });
  const megabytes = watch.end();
  expect(run).toMatchObject({ state: 'SUCCEEDED', tables: [{ rows: String(count) }] });
  expect(row).toEqual([String(count)]);
  const files = join(dataDir, 'extracts/tested/data/visits/*.parquet');
  const [found] = await readRows(
    `SELECT count(*) AS rows, count(DISTINCT number) AS numbers, min(number) AS least, max(number) AS greatest
     FROM (SELECT ${number}::BIGINT AS number FROM read_parquet('${files}'))`,
  );
  expect(found).toEqual({ rows: `${count}`, numbers: `${count}`, least: '0', greatest: `${count - 1}` });
  process.stdout.write(
    `${connector}: ${count} rows in ${seconds} s, the server and its children held at most ${megabytes.toFixed(0)} MB\n`,
  );
  expect(megabytes).toBeLessThan(mostMegabytes);
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
}

/** Lines of so many rows from `first` on, some thousand in each piece. */
function* lines(first: number, rows: number): Generator<string> {
  const atOnce = 5000;
  for (let start = first; start < first + rows; start += atOnce) {
    let text = '';
    for (let row = start; row < start + atOnce; row += 1)
      text += `"${row}","${row % 1000}.25","2026-01-01 00:00:00","some text of row ${row}"\n`;
    yield text;
  }
}

test('rows of a CSV file arrive, each once, in bounded memory', async () => {
  const folder = scratchFolder();
  const content = function* () {
    yield 'id,amount,at,text\n';
    yield* lines(0, count);
  };
  await pipeline(Readable.from(content()), createWriteStream(join(folder, 'visits.csv')));
  const environment = { FILES_ALLOWED_ROOTS: folder };
  await expectRows({ connector: 'files', config: { folder }, environment, options: { path: 'visits.csv' } });
});

test('rows of an extract arrive, each once, in bounded memory', async () => {
  const folder = scratchFolder();
  await writeExtractDirectory(folder, [
    `COPY (SELECT range AS id, 'page ' || range % 1000 AS page, (range / 100)::DECIMAL(38,9) AS cost FROM range(${count}))
     TO '$data/visits.parquet'`,
    `CREATE VIEW visits AS SELECT * FROM read_parquet('$data/visits.parquet')`,
    `INSERT INTO _meta VALUES ('visits', NULL, ${count}, 1, now()::TIMESTAMP, 'local')`,
  ]);
  const environment = { FILES_ALLOWED_ROOTS: folder };
  await expectRows({ connector: 'extract', config: { folder }, environment, options: { table: 'visits' } });
});

test('rows of the changelog of Jira arrive, each once, in bounded memory', async () => {
  const jira = await JiraStandIn.start();
  onTestFinished(() => jira.close());
  const changesOfIssue = 100;
  const fieldsOfChange = 100;
  const rowsOfIssue = changesOfIssue * fieldsOfChange;
  for (let number = 0; number < count / rowsOfIssue; number += 1) {
    const month = String((number % 12) + 1).padStart(2, '0');
    const issue = jira.add(`ROWS-${number + 1}`, { created: `2025-${month}-15T10:00:00.000+0000` });
    Object.defineProperty(issue, 'histories', { get: () => historiesFrom(number * rowsOfIssue) });
  }
  const historiesFrom = (first: number): StandInIssue['histories'] =>
    Array.from({ length: changesOfIssue }, (_, history) => ({
      id: String(first + history),
      author: { emailAddress: 'ada@example.com', displayName: 'Ada' },
      created: '2026-01-01T00:00:00.000+0000',
      items: Array.from({ length: fieldsOfChange }, (__, item) => {
        const row = first + history * fieldsOfChange + item;
        return { field: `field ${item}`, fieldtype: 'custom', fromString: `before ${row}`, toString: String(row) };
      }),
    }));
  const { config, environment } = jira;
  await expectRows({ connector: 'jira', config, environment, options: { table: 'changelog' }, number: 'to_value' });
});

test('rows of Keboola in twenty slices arrive, each once, in bounded memory', async () => {
  const keboola = await KeboolaStandIn.start();
  onTestFinished(() => keboola.close());
  const slices = 20;
  keboola.slices = slices;
  const typed = (value: string) => [{ key: 'KBC.datatype.basetype', value, provider: 'user' }];
  keboola.put({
    id: 'in.c-crm.orders',
    columns: ['id', 'amount', 'at', 'text'],
    rows: [],
    slices: Array.from({ length: slices }, (_, slice) => () => lines((slice * count) / slices, count / slices)),
    columnMetadata: { id: typed('INTEGER'), amount: typed('NUMERIC'), at: typed('TIMESTAMP') },
  });
  await expectRows({
    connector: 'keboola',
    config: { stackUrl: keboola.url },
    environment: { KEBOOLA_STORAGE_TOKEN: keboola.token },
    options: { table: 'in.c-crm.orders' },
  });
});

test('rows of BigQuery arrive, each once, in bounded memory', async () => {
  const bigquery = await BigQueryStandIn.start();
  onTestFinished(() => bigquery.stop());
  await bigquery.table(
    'shop.visits',
    `SELECT range::BIGINT AS id, 'page ' || range % 1000 AS page, (range / 100)::DECIMAL(38,9) AS cost FROM range(${count})`,
  );
  await expectRows({
    connector: 'bigquery',
    config: {
      project: bigquery.project,
      credentials: { serviceAccountEnv: 'BIGQUERY_KEY' },
      apiEndpoint: bigquery.url,
      timeoutSeconds: 3600,
    },
    environment: { BIGQUERY_KEY: JSON.stringify(bigquery.accounts.serviceAccount('agnes@example.com')) },
    options: { dataset: 'shop', table: 'visits' },
  });
});
