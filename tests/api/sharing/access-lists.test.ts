import { beforeAll, expect, test, vi } from 'vitest';
import { registerTable } from '../../../src/registry/register-table.ts';
import type { Table } from '../../../src/registry/table.ts';
import { grantTableAccess } from '../../../src/sharing/grant-table-access.ts';
import { revokeTableAccess } from '../../../src/sharing/revoke-table-access.ts';
import { ask, type TestPerson } from '../../kit/server.ts';
import { describeServersOnBoth } from '../servers-on-both.ts';

const reasonParts = 'effect kind grant { id } role { role { key } via { roles { key } } } expiresAt';

describeServersOnBoth((server) => {
  let admin: TestPerson;
  let secret: Table;
  let open: Table;
  let ada: TestPerson;
  let ben: TestPerson;
  let cyd: TestPerson;

  beforeAll(async () => {
    admin = await server().person('root', ['core.admin']);
    secret = await server().registerFile('secret', 'id\n1\n');
    open = await server().run(registerTable, {
      source: 'shop',
      name: 'open',
      isPublic: true,
      options: { path: 'secret.csv' },
    });
    ada = await server().person('ada', ['core.analyst']);
    ben = await server().person('ben', ['core.km_admin']);
    cyd = await server().person('cyd', ['core.viewer']);
    await server().deactivate(await server().person('gone', ['core.admin']));
  });

  async function readersOf(table: Table, page = 'first: 500') {
    const { data } = await ask(server(), {
      as: admin,
      query: `{ tables(search: "${table.sqlName}") { edges { node { readers(${page}) { totalCount
        pageInfo { hasNextPage endCursor } edges { node { user { email } reasons { ${reasonParts} } } } } } } } }`,
    });
    return data.tables.edges[0].node.readers;
  }

  async function tablesOf(person: TestPerson) {
    const { data } = await ask(server(), {
      as: admin,
      query: `query ($id: ID) { user(id: $id) { tableAccess { totalCount edges { node { table { sqlName } reasons { ${reasonParts} } } } } } }`,
      variables: { id: `User:${person.id}` },
    });
    return data.user.tableAccess;
  }

  async function explain(person: TestPerson, table: Table) {
    const { data } = await ask(server(), {
      as: admin,
      query: `query ($userId: ID!, $tableId: ID!) { explainAccess(userId: $userId, tableId: $tableId) {
        user { email } table { sqlName } allowed reasons { ${reasonParts} } } }`,
      variables: { userId: `User:${person.id}`, tableId: `Table:${table.id}` },
    });
    return data.explainAccess;
  }

  test('who reads a table, what somebody reads, and why, are one answer from three sides', async () => {
    const run = server().run;
    const byRole = await run(grantTableAccess, { source: 'shop', roleKey: 'core.analyst' });
    const expiresAt = new Date('2100-01-01T00:00:00Z');
    const personal = await run(grantTableAccess, { tableId: secret.id, userId: cyd.id, expiresAt });
    const denial = await run(grantTableAccess, { tableId: secret.id, userId: ben.id, effect: 'deny' });
    const administrator = {
      effect: 'ALLOW',
      kind: 'ADMINISTRATOR',
      grant: null,
      role: { role: { key: 'core.admin' }, via: [{ roles: [{ key: 'core.admin' }] }] },
      expiresAt: null,
    };
    const asAnalyst = (path: string[]) => ({
      effect: 'ALLOW',
      kind: 'GRANT',
      grant: { id: `TableGrant:${byRole.id}` },
      role: { role: { key: 'core.analyst' }, via: [{ roles: path.map((key) => ({ key })) }] },
      expiresAt: null,
    });
    const inPerson = { effect: 'ALLOW', kind: 'GRANT', grant: { id: `TableGrant:${personal.id}` }, role: null };
    const readers = await readersOf(secret);
    expect(readers).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false } });
    expect(readers.edges.map(({ node }: { node: unknown }) => node)).toEqual([
      { user: { email: ada.email }, reasons: [asAnalyst(['core.analyst'])] },
      { user: { email: cyd.email }, reasons: [{ ...inPerson, expiresAt: expiresAt.toISOString() }] },
      {
        user: { email: admin.email },
        reasons: [administrator, asAnalyst(['core.admin', 'core.km_admin', 'core.analyst'])],
      },
    ]);
    const denied = { ...inPerson, effect: 'DENY', grant: { id: `TableGrant:${denial.id}` }, expiresAt: null };
    expect(await explain(ben, secret)).toEqual({
      user: { email: ben.email },
      table: { sqlName: 'shop.secret' },
      allowed: false,
      reasons: [denied, asAnalyst(['core.km_admin', 'core.analyst'])],
    });
    expect(await tablesOf(ben)).toMatchObject({
      totalCount: 1,
      edges: [{ node: { table: { sqlName: 'shop.open' }, reasons: [{ kind: 'GRANT' }, { kind: 'PUBLIC' }] } }],
    });
    for (const person of [ada, ben, cyd, admin]) {
      const tables = (await tablesOf(person)).edges.map(({ node }: { node: { table: unknown } }) => node.table);
      for (const table of [secret, open]) {
        const { allowed } = await explain(person, table);
        expect(tables.some(({ sqlName }: { sqlName: string }) => sqlName === table.sqlName)).toBe(allowed);
        const emails = (await readersOf(table)).edges.map(
          ({ node }: { node: { user: { email: string } } }) => node.user.email,
        );
        expect(emails.includes(person.email)).toBe(allowed);
      }
    }
    for (const { id } of [byRole, personal, denial]) await run(revokeTableAccess, { grantId: id });
    expect((await readersOf(secret)).totalCount).toBe(1);
    expect(await explain(cyd, secret)).toMatchObject({
      allowed: false,
      reasons: [{ effect: 'DENY', kind: 'PRIVATE' }],
    });
  });

  test('one’s own list tells why, and grants only to administrators', async () => {
    const { id } = await server().run(grantTableAccess, { tableId: secret.id, userId: cyd.id });
    const query = `{ viewer { tableAccess { edges { node { table { sqlName } reasons { ${reasonParts} } } } } } }`;
    const { data } = await ask(server(), { as: cyd, query });
    expect(data.viewer.tableAccess.edges.map(({ node }: { node: unknown }) => node)).toMatchObject([
      { table: { sqlName: 'shop.open' }, reasons: [{ kind: 'PUBLIC', grant: null }] },
      { table: { sqlName: 'shop.secret' }, reasons: [{ kind: 'GRANT', grant: null }] },
    ]);
    const readers = await ask(server(), { as: cyd, query: '{ tables { edges { node { readers { totalCount } } } } }' });
    expect(readers.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    await server().run(revokeTableAccess, { grantId: id });
    const after = await ask(server(), { as: cyd, query });
    expect(after.data.viewer.tableAccess.edges).toHaveLength(1);
  });

  test('what does not exist is not explained, and who is not active reads nothing', async () => {
    const nobody = { ...ada, id: 'nobody' };
    expect([await explain(nobody, secret), await explain(ada, { ...secret, id: 'none' })]).toEqual([null, null]);
    const { data } = await ask(server(), { as: admin, query: '{ user(email: "gone@example.com") { id } }' });
    const gone = { ...ada, id: data.user.id.slice(5) };
    expect(await explain(gone, open)).toMatchObject({
      allowed: false,
      reasons: [{ effect: 'DENY', kind: 'NOT_ACTIVE' }],
    });
    expect(await tablesOf(gone)).toEqual({ totalCount: 0, edges: [] });
  });

  test('pages give everybody once, and the number of statements does not grow with them', async () => {
    const walked: string[] = [];
    let after = '';
    for (;;) {
      const page = await readersOf(open, `first: 2${after}`);
      walked.push(...page.edges.map(({ node }: { node: { user: { email: string } } }) => node.user.email));
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    expect(walked).toEqual([ada, ben, cyd, admin].map(({ email }) => email));
    const few = await statementsOf(() => readersOf(open, 'first: 1'));
    for (let number = 0; number < 20; number += 1) await server().person(`reader-${number}`, ['core.viewer']);
    expect((await readersOf(open)).totalCount).toBe(24);
    expect(await statementsOf(() => readersOf(open))).toBe(few);
    expect(few).toBe(1);
    for (let number = 0; number < 20; number += 1) await server().registerFile(`more_${number}`, 'id\n1\n');
    expect(await statementsOf(() => tablesOf(admin))).toBe(1);
  });

  /** The least of three counts: what the server does by the clock may run beside one of them. */
  async function statementsOf(work: () => Promise<unknown>): Promise<number> {
    const counts: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const spy = vi.spyOn(server().open.services.store.db.getExecutor(), 'executeQuery');
      await work();
      counts.push(spy.mock.calls.length);
      spy.mockRestore();
    }
    return Math.min(...counts);
  }
});
