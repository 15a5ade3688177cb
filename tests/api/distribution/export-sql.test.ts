import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { listAuditEvents } from '../../../src/audit/read-audit-events.ts';
import { removeExpiredExports } from '../../../src/distribution/remove-exports.ts';
import { deleteUser } from '../../../src/sharing/delete-user.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { setCoreRole } from '../../../src/access/set-core-role.ts';
import { revokeToken } from '../../../src/identity/revoke-token.ts';
import { ask, type Shown, type TestPerson } from '../../kit/server.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const fields = 'id statement format state rows sizeBytes sha256 error createdAt finishedAt expiresAt url';

describeServersOnBoth((server) => {
  let orders: { id: string };

  beforeAll(async () => {
    orders = await server().registerFile('orders', 'id,name\n1,ada\n2,\n3,"a ""quoted"", one"\n');
    await server().registerFile('costs', 'id\n1\n');
    await server().sync();
  });

  /** An analyst who may read `shop.orders` and nothing else, and the grant. */
  async function reader(name: string): Promise<TestPerson & { grantId: string }> {
    const person = await server().person(name, ['core.analyst']);
    const { id } = await server().run(grantTableAccess, { tableId: orders.id, userId: person.id });
    return { ...person, grantId: id };
  }

  async function start(as: Shown, statement: string, format = 'CSV') {
    const answer = await mutate(server(), as, {
      field: 'exportSql',
      input: { statement, format },
      payload: `export { ${fields} }`,
    });
    await server().open.exportRunner.idle();
    return answer;
  }

  async function look(as: Shown, id: string) {
    const { data } = await ask(server(), {
      as,
      query: `query ($id: ID!) { export(id: $id) { ${fields} } }`,
      variables: { id },
    });
    return data.export;
  }

  /** An export of `shop.orders` that has ended well. */
  async function exported(as: Shown, statement = 'SELECT * FROM shop.orders ORDER BY id', format = 'CSV') {
    const started = await start(as, statement, format);
    expect(started).toMatchObject({ __typename: 'ExportSqlPayload', export: { state: 'QUEUED', url: null } });
    return look(as, started.export.id);
  }

  function filesOf(id: string): string[] {
    return readdirSync(join(server().dataDir, 'exports')).filter((name) => name.startsWith(id.replace('Export:', '')));
  }

  test('the mutation answers at once; the file is then fetched by its URL alone, and both are audited', async () => {
    const person = await reader('whole');
    const row = await exported(person);
    expect(row).toMatchObject({ format: 'CSV', state: 'SUCCEEDED', rows: '3', error: null });
    const response = await fetch(row.url);
    const text = await response.text();
    expect(text).toBe('id,name\r\n1,ada\r\n2,\r\n3,"a ""quoted"", one"\r\n');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-length': row.sizeBytes,
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
      etag: `"${row.sha256}"`,
      'content-disposition': expect.stringMatching(/^attachment; filename="export-[\d-]+-\w{8}\.csv"$/),
      'x-content-type-options': 'nosniff',
    });
    expect(createHash('sha256').update(text).digest('hex')).toBe(row.sha256);
    const { store, auditBatch } = server().open.services;
    await expect
      .poll(async () => {
        await auditBatch.flush(store);
        return (await listAuditEvents(store, { limit: 2 })).map(({ actor, action, resource, details }) => ({
          actor,
          action,
          resource,
          details,
        }));
      })
      .toEqual([
        {
          actor: person.email,
          action: 'export.downloaded',
          resource: row.id.replace('Export', 'export'),
          details: { format: 'csv', bytes: text.length, complete: true },
        },
        {
          actor: person.email,
          action: 'statement.exported',
          resource: row.id.replace('Export', 'export'),
          details: { statement: row.statement, format: 'csv', tables: ['shop.orders'] },
        },
      ]);
  });

  test('a table that one may not read does not exist, in an export either, and nothing is kept of the attempt', async () => {
    const person = await reader('walls');
    for (const statement of ['FROM shop.costs', 'FROM nothing', "FROM '/etc/passwd'", "COPY (SELECT 1) TO '/tmp/x'"]) {
      const { data, errors } = await ask(server(), {
        as: person,
        query: 'mutation ($input: ExportSqlInput!) { exportSql(input: $input) { __typename } }',
        variables: { input: { statement, format: 'PARQUET' } },
      });
      expect([statement, data, errors?.[0]?.extensions]).toEqual([
        statement,
        { exportSql: null },
        { code: 'STATEMENT_REFUSED' },
      ]);
    }
    expect((await ask(server(), { as: person, query: '{ viewer { exports { id } } }' })).data).toEqual({
      viewer: { exports: [] },
    });
  });

  test('somebody else’s export does not exist', async () => {
    const [owner, other] = [await reader('owner'), await server().person('other', ['core.admin'])];
    const row = await exported(owner);
    expect(await look(other, row.id)).toBeNull();
    const url = new URL(row.url);
    url.searchParams.set('user', other.id);
    expect((await fetch(url)).status).toBe(403);
  });

  test('a URL that was changed, is not signed, or has no export behind it is refused in one sentence', async () => {
    const row = await exported(await reader('tampered'));
    const statuses = async (change: (url: URL) => void) => {
      const url = new URL(row.url);
      change(url);
      const response = await fetch(url);
      expect(await response.text()).toMatch(/^[A-Z][^\n]+\.\n$/);
      return response.status;
    };
    expect(await statuses((url) => url.searchParams.delete('signature'))).toBe(403);
    expect(await statuses((url) => url.searchParams.set('signature', 'AAAA'))).toBe(403);
    expect(await statuses((url) => url.searchParams.set('expires', '99999999999'))).toBe(403);
    expect(await statuses((url) => url.searchParams.set('credential', 'development:development'))).toBe(403);
    expect(await statuses((url) => (url.pathname = '/exports/other'))).toBe(403);
    expect(await statuses((url) => (url.search = ''))).toBe(403);
    expect((await fetch(row.url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(row.url)).status).toBe(200);
  });

  test('the right to the table, the token, the role and the person: the URL ends with each', async () => {
    const byGrant = await reader('loses-grant');
    const grantUrl = (await exported(byGrant)).url;
    await server().run(revokeTableAccess, { grantId: byGrant.grantId });
    expect((await fetch(grantUrl)).status).toBe(403);

    const byToken = await reader('loses-token');
    const tokenUrl = (await exported(byToken)).url;
    const { data } = await ask(server(), { as: byToken, query: '{ viewer { tokens { id } } }' });
    await server().run(revokeToken, { id: data.viewer.tokens[0].id.replace('Token:', '') });
    expect((await fetch(tokenUrl)).status).toBe(403);

    const byRole = await reader('loses-role');
    const roleUrl = (await exported(byRole)).url;
    await server().run(setCoreRole, { userId: byRole.id, roleKey: 'core.viewer' });
    expect((await fetch(roleUrl)).status).toBe(403);

    const inactive = await reader('inactive');
    const inactiveUrl = (await exported(inactive)).url;
    await server().deactivate(inactive);
    expect((await fetch(inactiveUrl)).status).toBe(403);
  });

  test('a right that is taken away in the middle of a download breaks it off', async () => {
    const person = await reader('interrupted');
    const statement = "SELECT o.id, repeat('x', 1000000) AS x FROM shop.orders o, range(20)";
    const row = await exported(person, statement, 'NDJSON');
    expect(Number(row.sizeBytes)).toBeGreaterThan(60_000_000);
    const body = (await fetch(row.url)).body!.getReader();
    let bytes = (await body.read()).value!.length;
    await server().run(revokeTableAccess, { grantId: person.grantId });
    await expect(
      (async () => {
        for (let piece = await body.read(); !piece.done; piece = await body.read()) bytes += piece.value.length;
      })(),
    ).rejects.toThrow('terminated');
    expect(bytes).toBeLessThan(Number(row.sizeBytes));
    const { store, auditBatch } = server().open.services;
    await expect
      .poll(async () => {
        await auditBatch.flush(store);
        return listAuditEvents(store, { limit: 1, actor: person.email, action: 'export.downloaded' });
      })
      .toMatchObject([{ details: { complete: false } }]);
  });

  test('ranges, HEAD and conditions', async () => {
    const row = await exported(await reader('ranges'), "SELECT * FROM (VALUES ('0123456789')) AS t(a)", 'NDJSON');
    const body = '{"a":"0123456789"}\n';
    const get = async (headers: Record<string, string>, method = 'GET') => {
      const response = await fetch(row.url, { method, headers });
      return [response.status, await response.text(), response.headers.get('content-range')];
    };
    expect(await get({})).toEqual([200, body, null]);
    expect(await get({ Range: 'bytes=2-3' })).toEqual([206, 'a"', 'bytes 2-3/19']);
    expect(await get({ Range: 'bytes=16-' })).toEqual([206, '"}\n', 'bytes 16-18/19']);
    expect(await get({ Range: 'bytes=-2' })).toEqual([206, '}\n', 'bytes 17-18/19']);
    expect(await get({ Range: 'bytes=0-999' })).toEqual([206, body, 'bytes 0-18/19']);
    expect(await get({ Range: 'bytes=19-' })).toEqual([416, '', 'bytes */19']);
    expect(await get({ Range: 'bytes=0-1,3-4' })).toEqual([200, body, null]);
    expect(await get({ Range: 'bytes=2-3', 'If-Range': `"${row.sha256}"` })).toEqual([206, 'a"', 'bytes 2-3/19']);
    expect(await get({ Range: 'bytes=2-3', 'If-Range': '"other"' })).toEqual([200, body, null]);
    expect(await get({ 'If-None-Match': `"${row.sha256}"` })).toEqual([304, '', null]);
    expect(await get({}, 'HEAD')).toEqual([200, '', null]);
  });

  test('a third export of one person waits for the others to end', async () => {
    const person = await reader('eager');
    const { exportRunner } = server().open;
    const slow = 'SELECT sum(hash(a.range + b.range) % 7) FROM range(20000) a, range(2000) b';
    const answers = await Promise.all(
      [1, 2, 3].map(() => mutate(server(), person, { field: 'exportSql', input: { statement: slow, format: 'CSV' } })),
    );
    expect(answers.map(({ __typename }) => String(__typename)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'ConflictError',
      'ExportSqlPayload',
      'ExportSqlPayload',
    ]);
    await exportRunner.idle();
    expect(await start(person, 'SELECT 1')).toMatchObject({ __typename: 'ExportSqlPayload' });
  });

  test('a statement that fails leaves a sentence and no file', async () => {
    const person = await reader('fails');
    const started = await start(person, 'SELECT CAST(name AS INTEGER) FROM shop.orders');
    expect(await look(person, started.export.id)).toMatchObject({
      state: 'FAILED',
      url: null,
      error: expect.stringMatching(/^Conversion Error: .*ada/),
    });
    expect(filesOf(started.export.id)).toEqual([]);
  });

  test('an expired export goes with its file; until the job runs its URL is answered by 410', async () => {
    const person = await reader('expired');
    const row = await exported(person);
    expect(filesOf(row.id)).toHaveLength(1);
    const { services, exportRunner } = server().open;
    await services.store.write(async (tx) => {
      const id = row.id.replace('Export:', '');
      await tx.db
        .updateTable('exports')
        .set({ expires_at: new Date(0) })
        .where('id', '=', id)
        .execute();
    });
    expect((await fetch(row.url)).status).toBe(410);
    await removeExpiredExports(services);
    await exportRunner.idle();
    expect(filesOf(row.id)).toEqual([]);
    expect(await look(person, row.id)).toBeNull();
    expect((await fetch(row.url)).status).toBe(404);
  });

  test('deleting the user takes exports and files along', async () => {
    const person = await reader('deleted');
    const row = await exported(person);
    const { removed } = await server().run(deleteUser, { id: person.id });
    expect(removed).toMatchObject({ exports: 1 });
    await server().open.exportRunner.idle();
    expect(filesOf(row.id)).toEqual([]);
    expect((await fetch(row.url)).status).toBe(403);
  });
});
