import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { saveMetric } from '../../../src/catalog/save-metric.ts';
import { unregisterTable } from '../../../src/sync/unregister-table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { ask, type Shown, type TestPerson } from '../../kit/server.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const fields = `version unchanged metrics { id }
  tables { isChosen table { id sqlName columns { name type } files { sha256 sizeBytes rows url } } }`;

describeServersOnBoth((server) => {
  let orders: { id: string };

  beforeAll(async () => {
    orders = await server().registerFile('orders', 'id,name\n1,ada\n2,bob\n');
    await server().registerFile('costs', 'id\n1\n');
    await server().sync();
  });

  async function reader(name: string, ids = [orders.id]): Promise<TestPerson & { grantIds: string[] }> {
    const person = await server().person(name, ['core.viewer']);
    const grantIds: string[] = [];
    for (const tableId of ids) {
      grantIds.push((await server().run(grantTableAccess, { tableId, userId: person.id })).id);
    }
    return { ...person, grantIds };
  }

  async function manifest(as: Shown, since?: string) {
    const query = `query ($since: String) { manifest(since: $since) { ${fields} } }`;
    return (await ask(server(), { as, query, variables: { since } })).data.manifest;
  }

  async function fetchData(path: string, as: TestPerson | null, headers: Record<string, string> = {}) {
    const authorization = as && { authorization: `Bearer ${as.token}` };
    return fetch(new URL(path, server().url), { headers: { ...authorization, ...headers } });
  }

  async function pathOf(as: Shown): Promise<string> {
    const [{ table }] = (await manifest(as)).tables;
    return `/data/${table.id.replace('Table:', '')}/${table.files[0].sha256}.parquet`;
  }

  test('holds exactly what its reader may read, and is one small answer while nothing has changed', async () => {
    const person = await reader('small');
    const first = await manifest(person);
    expect(first).toMatchObject({
      unchanged: false,
      tables: [
        {
          isChosen: true,
          table: { sqlName: 'shop.orders', columns: [{ name: 'id' }, { name: 'name' }], files: [{ rows: '2' }] },
        },
      ],
    });
    const again = { version: first.version, unchanged: true, tables: [], metrics: [] };
    expect(await manifest(person, first.version)).toEqual(again);
    await server().sync(); // the same content
    expect(await manifest(person, first.version)).toEqual(again);
    const nobodys = await server().person('nothing', ['core.viewer']);
    expect(await manifest(nobodys)).toMatchObject({ tables: [], metrics: [] });
  });

  test('changes with a grant, a revocation, a description, a metric, rows and a table that goes, for those it concerns', async () => {
    const passing = await server().registerFile('passing', 'id\n1\n');
    await server().sync();
    const [person, other] = [await reader('changes', [orders.id, passing.id]), await reader('other')];
    const others = await manifest(other);
    let { version } = await manifest(person);
    async function expectNew() {
      const next = await manifest(person, version);
      expect(next.unchanged).toBe(false);
      ({ version } = next);
      return next;
    }
    await server().registerFile('unrelated', 'id\n1\n');
    expect((await manifest(person, version)).unchanged).toBe(true);
    await server().run(saveMetric, {
      name: 'passing',
      category: 'shop',
      table: 'shop.passing',
      sql: 'SELECT count(*) FROM shop.passing',
    });
    expect((await expectNew()).metrics).toEqual([{ id: 'Metric:shop/passing' }]);
    expect((await manifest(other, others.version)).unchanged).toBe(true);
    await server().run(unregisterTable, { id: passing.id });
    expect(await expectNew()).toMatchObject({ metrics: [], tables: [{ table: { sqlName: 'shop.orders' } }] });
    await server().run(revokeTableAccess, { grantId: person.grantIds[0]! });
    expect(await expectNew()).toMatchObject({ tables: [] });
  });

  test('a person chooses tables, for themselves alone and only such as they may read', async () => {
    const person = await reader('chooser');
    const choose = (tableIds: string[] | null) =>
      mutate(server(), person, {
        field: 'chooseSyncTables',
        input: { tableIds },
        payload: 'manifest { version tables { isChosen } }',
      });
    const { version } = await manifest(person);
    expect(await choose([])).toMatchObject({ manifest: { tables: [{ isChosen: false }] } });
    expect((await manifest(person, version)).unchanged).toBe(false);
    expect((await manifest(await reader('neighbour'))).tables).toMatchObject([{ isChosen: true }]);
    expect(await choose([`Table:${orders.id}`])).toMatchObject({ manifest: { tables: [{ isChosen: true }] } });
    const { costs } = Object.fromEntries(
      server()
        .open.services.registry.tables()
        .map(({ name, id }) => [name, id]),
    );
    for (const id of [costs!, 'nothing']) {
      expect(await choose([`Table:${id}`])).toMatchObject({ __typename: 'NotFoundError' });
    }
    expect(await choose(null)).toMatchObject({ manifest: { version, tables: [{ isChosen: true }] } });
  });

  test('a file comes by token or by its signed URL, whole or in ranges, as it was hashed, and is audited', async () => {
    const person = await reader('fetches');
    const [{ table }] = (await manifest(person)).tables;
    const [file] = table.files;
    const path = await pathOf(person);
    const whole = await fetchData(path, person);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      etag: `"${file.sha256}"`,
      'cache-control': 'private, no-cache',
      'content-type': 'application/vnd.apache.parquet',
      'content-length': file.sizeBytes,
    });
    const part = await fetchData(path, person, { range: 'bytes=4-' });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(4)]);
    expect((await fetchData(path, person, { 'if-none-match': `"${file.sha256}"` })).status).toBe(304);
    expect(Buffer.from(await (await fetch(file.url)).arrayBuffer())).toEqual(bytes);
    const pieces: [number, string][] = await (await fetchData(path.replace('parquet', 'pieces'), person)).json();
    let at = 0;
    for (const [length, sha256] of pieces) {
      expect(
        createHash('sha256')
          .update(bytes.subarray(at, at + length))
          .digest('hex'),
      ).toBe(sha256);
      at += length;
    }
    expect(at).toBe(bytes.length);
    const { store, auditBatch } = server().open.services;
    await expect
      .poll(async () => {
        await auditBatch.flush(store);
        const rows = await listAuditEvents(store, { limit: 10 });
        return rows
          .filter(({ actor }) => actor === person.email)
          .map(({ action, resource, details }) => [action, resource, details]);
      })
      .toContainEqual([
        'table.downloaded',
        `table:${orders.id}`,
        { sqlName: 'shop.orders', sha256: file.sha256, bytes: bytes.length, complete: true },
      ]);
  });

  test('nobody else has the file, nor does its reader once the right, the role or the token is gone', async () => {
    const person = await reader('loses');
    const stranger = await server().person('stranger', ['core.analyst']);
    const roleless = await server().person('roleless', []);
    const path = await pathOf(person);
    const [{ table }] = (await manifest(person)).tables;
    const signed = table.files[0].url as string;
    expect((await fetchData(path, null)).status).toBe(401);
    expect((await fetchData(path, { ...person, token: 'agnes_pat_wrong' })).status).toBe(401);
    for (const other of [stranger, roleless]) expect((await fetchData(path, other)).status).toBe(404);
    for (const wrong of [
      path.replace('.parquet', '.csv'),
      path.replace(/[0-9a-f]{64}/, '0'.repeat(64)),
      '/data/x',
      `${path}/../..`,
    ]) {
      expect((await fetchData(wrong, person)).status).toBe(404);
    }
    expect((await fetch(signed.replace(/user=[^&]+/, `user=${stranger.id}`))).status).toBe(403);
    expect((await fetch(new URL(path, server().url), { method: 'POST' })).status).toBe(405);
    await server().run(revokeTableAccess, { grantId: person.grantIds[0]! });
    for (const kind of ['parquet', 'pieces']) {
      expect((await fetchData(path.replace('parquet', kind), person)).status).toBe(404);
    }
    expect((await fetch(signed)).status).toBe(404);
    const again = await reader('loses-token');
    await server().deactivate(again);
    expect((await fetchData(path, again)).status).toBe(401);
  });
});
