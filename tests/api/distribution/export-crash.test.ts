import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertExport } from '../../../src/distribution/export.store.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { ask, startTestServer, type TestPerson, type TestServer } from '../../kit/server.ts';
import { mutate } from '../mutate.ts';

let server: TestServer;
let person: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  person = await server.person('person', ['core.analyst']);
});

afterAll(() => server.close());

test('after a crash what was on its way has failed, leftovers are gone, and whole files still come by their old URL', async () => {
  const { export: row } = await mutate(server, person, {
    field: 'exportSql',
    input: { statement: 'SELECT 42 AS answer', format: 'CSV' },
    payload: 'export { id }',
  });
  await server.open.exportRunner.idle();
  const urlOf = `query ($id: ID!) { export(id: $id) { url } }`;
  const { data } = await ask(server, { as: person, query: urlOf, variables: { id: row.id } });
  const cut = newId();
  // Written without telling the runner, as a process that is killed leaves it.
  await server.open.services.store.write((tx) =>
    insertExport(
      { ...tx, emit: () => {} },
      {
        id: cut,
        userId: person.id,
        statement: 'SELECT 1',
        format: 'csv',
        state: 'running',
        tableIds: [],
        rows: null,
        sizeBytes: null,
        sha256: null,
        error: null,
        createdAt: tx.at,
        finishedAt: null,
        expiresAt: new Date(tx.at.getTime() + 1000_000),
      },
    ),
  );
  const folder = join(server.dataDir, 'exports');
  const leftovers = [`${cut}.csv.part`, `${newId()}.parquet`].map((name) => join(folder, name));
  for (const path of leftovers) writeFileSync(path, 'half');
  mkdirSync(join(folder, 'odd'));
  server = await server.restart();
  for (const path of [...leftovers, join(folder, 'odd')]) expect(existsSync(path)).toBe(false);
  const asked = await ask(server, { as: person, query: '{ viewer { exports { id state error } } }' });
  expect(asked.data.viewer.exports).toEqual([
    { id: `Export:${cut}`, state: 'FAILED', error: 'The server stopped before the export had ended; export again.' },
    { id: row.id, state: 'SUCCEEDED', error: null },
  ]);
  const url = new URL(data.export.url as string);
  const response = await fetch(`${server.url}${url.pathname}${url.search}`);
  expect([response.status, await response.text()]).toEqual([200, 'answer\r\n42\r\n']);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});
