import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { uploadLimits } from '../../../src/distribution/upload.ts';
import { sha256 } from '../../../src/kernel/ids.ts';
import { revokeRole } from '../../../src/access/revoke-role.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { ask, credentialHeaders, type Shown, type TestPerson } from '../../kit/server.ts';
import { newestEvent } from '../audit/newest-event.ts';
import { mutate } from '../mutate.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';
import { sendUpload } from './send-upload.ts';

const node = 'id name kind sizeBytes sha256 url owner { email }';

describeServersOnBoth((server) => {
  let admin: TestPerson;

  beforeAll(async () => {
    admin = await server().person('admin', ['core.admin']);
  });

  /** The files that the server keeps, by their names. */
  function filesOnDisk(): string[] {
    return readdirSync(join(server().dataDir, 'uploads')).toSorted();
  }

  async function own(as: Shown) {
    const { data } = await ask(server(), { as, query: `{ viewer { uploads { edges { node { ${node} } } } } }` });
    return (data.viewer.uploads.edges as { node: { id: string; url: string; name: string } }[]).map(
      (edge) => edge.node,
    );
  }

  async function token(person: TestPerson, narrowing: Record<string, unknown>): Promise<Shown> {
    const input = { name: 'narrow', ...narrowing };
    const made = await mutate(
      server(),
      { session: person.session },
      { field: 'createToken', input, payload: 'secret' },
    );
    return { token: made.secret as string };
  }

  test('a file is there once it is whole and right, once, as a download and never as a page; nothing else stays', async () => {
    const person = await server().person('whole', ['core.viewer']);
    const before = filesOnDisk();
    const content = '<script>alert(1)</script>';
    const given = { name: 'notes/pläne/a "b".html', content };
    const wrong = await sendUpload(server(), person, { ...given, sha256: sha256('other') });
    expect([wrong.status, await wrong.text()]).toEqual([
      422,
      'The content is not the one with this SHA-256; send it again.\n',
    ]);
    for (const name of ['', '/etc/passwd', '../a', 'notes//a', 'notes/..', 'a\\b', 'a\u0000b', 'x'.repeat(501)]) {
      expect([name, (await sendUpload(server(), person, { name, content })).status]).toEqual([name, 400]);
    }
    expect((await sendUpload(server(), person, { ...given, kind: 'page' })).status).toBe(400);
    expect((await sendUpload(server(), person, { ...given, sha256: 'abc' })).status).toBe(400);
    expect((await sendUpload(server(), null, given)).status).toBe(401);
    expect(filesOnDisk()).toEqual(before);

    const [first, twin] = await Promise.all([
      sendUpload(server(), person, given),
      sendUpload(server(), person, { ...given, name: 'notes/twin.html' }),
    ]);
    expect(new Set([first.status, twin.status])).toEqual(new Set([200, 201]));
    expect((await sendUpload(server(), person, given)).status).toBe(200);
    const [upload, ...more] = await own(person);
    expect(more).toEqual([]);
    expect(upload).toMatchObject({
      kind: 'NOTE',
      sizeBytes: '25',
      sha256: sha256(content),
      owner: { email: person.email },
    });
    expect(filesOnDisk()).toHaveLength(before.length + 1);
    expect(await newestEvent(server())).toMatchObject({
      actor: person.email,
      action: 'upload.stored',
      resource: upload!.id.toLowerCase(),
      details: { kind: 'note', sizeBytes: 25 },
    });
    const answer = await fetch(upload!.url);
    expect(await answer.text()).toBe(content);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': expect.stringMatching(
        /^attachment; filename="upload"; filename\*=UTF-8''(a%20%22b%22|twin)\.html$/,
      ),
    });
  });

  test('its owner and administrators see and remove it; for everybody else it is not there', async () => {
    const owner = await server().person('owner', ['core.viewer']);
    const other = await server().person('other', ['core.analyst', 'core.km_admin']);
    await sendUpload(server(), owner, { name: 'notes/mine.md', content: 'Mine.' });
    const [upload] = await own(owner);
    const path = `${server().url}/uploads/${upload!.id.replace('Upload:', '')}`;
    const get = (as: Shown) => fetch(path, { headers: credentialHeaders(server().url, as) });
    expect((await get(owner)).status).toBe(200);
    expect((await get(admin)).status).toBe(200);
    expect(await own(other)).toEqual([]);
    const unknown = await fetch(`${server().url}/uploads/nothing`, { headers: credentialHeaders(server().url, other) });
    const refused = await get(other);
    expect([refused.status, await refused.text()]).toEqual([404, await unknown.text()]);
    expect((await get(null)).status).toBe(401);
    const input = { id: upload!.id };
    expect(await mutate(server(), other, { field: 'deleteUpload', input })).toEqual(
      await mutate(server(), other, { field: 'deleteUpload', input: { id: 'Upload:nothing' } }),
    );
    const query = `query ($user: ID) { uploads(user: $user, first: 1) { edges { node { ${node} } } } }`;
    const variables = { user: `User:${owner.id}` };
    expect((await ask(server(), { as: admin, query, variables })).data.uploads.edges).toMatchObject([
      { node: { name: 'notes/mine.md', owner: { email: owner.email } } },
    ]);
    expect((await ask(server(), { as: other, query, variables })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    // The URL of somebody who may see nothing any more leads nowhere.
    const [grant] = server().open.services.accessIndex.grantsOf(owner.id);
    await server().run(revokeRole, { grantId: grant!.id });
    expect((await fetch(upload!.url)).status).not.toBe(200);
    expect((await sendUpload(server(), owner, { name: 'notes/b.md', content: 'B.' })).status).toBe(403);
    const file = upload!.id.replace('Upload:', '');
    expect(filesOnDisk()).toContain(file);
    expect(await mutate(server(), admin, { field: 'deleteUpload', input })).toMatchObject({
      __typename: 'DeleteUploadPayload',
    });
    expect(await newestEvent(server())).toMatchObject({ action: 'upload.deleted', actor: admin.email });
    await server().open.uploadKeeper.idle();
    expect(filesOnDisk()).not.toContain(file);
    expect((await get(admin)).status).toBe(404);
  });

  test('a token does no more than was left to it: read-only ones send nothing, limited ones see nothing', async () => {
    const person = await server().person('narrow', ['core.analyst']);
    await sendUpload(server(), person, { name: 'notes/all.md', content: 'All.' });
    const [upload] = await own(person);
    const input = { id: upload!.id };
    const given = { name: 'notes/more.md', content: 'More.' };
    const table = await server().registerFile('orders', 'id\n1\n');
    await server().run(grantTableAccess, { tableId: table.id, userId: person.id });
    const readOnly = await token(person, { readOnly: true });
    expect(await own(readOnly)).toHaveLength(1);
    const refused = await sendUpload(server(), readOnly, given);
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('READ_ONLY_TOKEN')]);
    await expect(mutate(server(), readOnly, { field: 'deleteUpload', input })).rejects.toThrow('READ_ONLY_TOKEN');
    for (const narrowing of [{ tableIds: [`Table:${table.id}`] }, { roleKeys: ['core.viewer'] }]) {
      const limited = await token(person, narrowing);
      expect(await own(limited)).toEqual([]);
      expect((await sendUpload(server(), limited, given)).status).toBe(403);
      const query = 'query ($sha256: [String!]!) { viewer { uploadsWith(sha256: $sha256) { id } } }';
      const variables = { sha256: [sha256('All.')] };
      expect((await ask(server(), { as: limited, query, variables })).data.viewer.uploadsWith).toEqual([]);
      expect((await ask(server(), { as: person, query, variables })).data.viewer.uploadsWith).toEqual([input]);
      expect(await mutate(server(), limited, { field: 'deleteUpload', input })).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await own(person)).toHaveLength(1);
  });

  test('what is too large is refused by what it announces, and while it comes; what is cut off leaves nothing', async () => {
    const person = await server().person('large', ['core.viewer']);
    const before = filesOnDisk();
    const headers = credentialHeaders(server().url, person);
    const url = `${server().url}/uploads/${sha256('x')}?kind=note&name=notes/large.md`;
    const announced = httpRequest(url, {
      method: 'PUT',
      headers: { ...headers, 'Content-Length': uploadLimits.fileBytes + 1 },
    });
    announced.on('error', () => {});
    announced.flushHeaders();
    const [answer] = await once(announced, 'response');
    expect(answer.statusCode).toBe(413);
    announced.destroy();

    const cut = httpRequest(url, { method: 'PUT', headers: { ...headers, 'Content-Length': 1000 } });
    cut.on('error', () => {});
    cut.write('half');
    while (filesOnDisk().length === before.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await own(person)).toEqual([]);
    await server().open.uploadKeeper.sweep();
    expect(filesOnDisk()).toHaveLength(before.length + 1);
    cut.destroy();
    while (filesOnDisk().length > before.length) await new Promise((resolve) => setTimeout(resolve, 5));

    const { store } = server().open.services;
    await store.write(async ({ db, at }) => {
      const full = {
        id: 'full',
        user_id: person.id,
        kind: 'note' as const,
        name: 'full',
        sha256: 'full',
        stored_at: at,
      };
      await db
        .insertInto('uploads')
        .values({ ...full, size_bytes: uploadLimits.personBytes - 4 })
        .execute();
    });
    const over = await sendUpload(server(), person, { name: 'notes/five.md', content: '12345' });
    expect([over.status, await over.text()]).toEqual([
      507,
      expect.stringMatching(/^A person may keep .* at most; remove/),
    ]);
    const unannounced = httpRequest(url, { method: 'PUT', headers });
    unannounced.end('12345');
    const [late] = await once(unannounced, 'response');
    expect(late.statusCode).toBe(507);
    late.resume();
    expect((await sendUpload(server(), person, { name: 'notes/four.md', content: '1234' })).status).toBe(201);
    await store.write(({ db }) => db.deleteFrom('uploads').where('id', '=', 'full').execute());
  });

  test('a file that a crash left without a row goes, and the others stay', async () => {
    const person = await server().person('swept', ['core.viewer']);
    await sendUpload(server(), person, { name: 'notes/stays.md', content: 'Stays.' });
    const [upload] = await own(person);
    const left = join(server().dataDir, 'uploads', 'left');
    writeFileSync(left, 'half');
    await server().open.uploadKeeper.start();
    expect(existsSync(left)).toBe(false);
    expect(await (await fetch(upload!.url)).text()).toBe('Stays.');
  });
});
