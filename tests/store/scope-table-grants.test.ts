import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrationsFolder } from '../../src/store/migrations.ts';
import { insertTableGrant, selectTableGrants } from '../../src/sharing/table-grant.store.ts';
import { describeOnBoth, makeFolder } from './stores.ts';

const grantedAt = '2026-02-03T04:05:06.789Z';

describeOnBoth((stores) => {
  test('table grants of before become grants on their table, for ever, and bucket and source can be granted beside', async () => {
    const migrations = makeFolder();
    cpSync(migrationsFolder, migrations, { recursive: true });
    for (const file of readdirSync(migrations)) if (file > '0012') rmSync(join(migrations, file));
    const before = await stores.open({ migrations });
    await before.write(({ db }) =>
      sql`insert into table_grants values ('g1', 't1', 'user', 'ada', 'allow', 'boss@example.com', cast(${grantedAt} as timestamptz)),
        ('g2', 't1', 'role', 'core.viewer', 'deny', 'boss@example.com', cast(${grantedAt} as timestamptz))`.execute(db),
    );
    await before.close();

    const store = await stores.open({ migrations: migrationsFolder });
    const lasting = { startsAt: null, expiresAt: null, grantedBy: 'boss@example.com', grantedAt: new Date(grantedAt) };
    const scope = { kind: 'table', tableId: 't1' } as const;
    const first = { id: 'g1', scope, granteeKind: 'user', granteeId: 'ada', effect: 'allow', ...lasting } as const;
    const second = { ...first, id: 'g2', granteeKind: 'role', granteeId: 'core.viewer', effect: 'deny' } as const;
    expect((await selectTableGrants(store.db)).toSorted(byId)).toEqual([first, second]);
    const wider = [
      { ...first, id: 'g3', scope: { kind: 'source', sourceId: 't1' } },
      { ...first, id: 'g4', scope: { kind: 'bucket', sourceId: 't1', bucket: '' } },
      { ...first, id: 'g5', scope: { kind: 'bucket', sourceId: 't1', bucket: 'crm' } },
    ] as const;
    await store.write(async (tx) => {
      for (const grant of wider) await insertTableGrant(tx, grant);
    });
    expect((await selectTableGrants(store.db)).toSorted(byId)).toEqual([first, second, ...wider]);
    for (const grant of [first, ...wider]) {
      await expect(store.write((tx) => insertTableGrant(tx, { ...grant, id: 'twice' }))).rejects.toThrow();
    }
    await store.close();
    const again = await stores.open({ migrations: migrationsFolder });
    expect(await selectTableGrants(again.db)).toHaveLength(5);
  });
});

function byId(left: { id: string }, right: { id: string }): number {
  return left.id < right.id ? -1 : 1;
}
