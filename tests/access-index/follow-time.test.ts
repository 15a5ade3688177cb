import { expect, onTestFinished, test } from 'vitest';
import type { AccessIndex } from '../../src/access/access-index.ts';
import { addRoleGrant } from '../../src/access/add-role-grant.ts';
import { followTime } from '../../src/access/follow-time.ts';
import { loadAccessIndex } from '../../src/access/load-access-index.ts';
import { countLastingHolders, deleteRoleGrant } from '../../src/access/role-grant.store.ts';
import { upsertRole } from '../../src/access/role.store.ts';
import type { GrantPeriod, RoleGrant } from '../../src/access/role-grant.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { addUser } from '../../src/people/add-user.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../server/socket-client.ts';
import { describeOnBoth } from '../store/stores.ts';
import { role } from './facts.ts';

describeOnBoth((stores) => {
  test('grants begin and end by themselves, though nobody asks and nothing is committed', async () => {
    const { store, index, userId } = await openAccess();
    const turns: { at: number; roles: string[] }[] = [];
    index.onTurn(() => turns.push({ at: Date.now(), roles: [...index.rolesOf(userId)] }));
    const startsAt = fromNow(700);
    const expiresAt = fromNow(1400);
    await give(store, userId, { startsAt, expiresAt });
    expect([...index.rolesOf(userId)]).toEqual([]);
    await until(() => turns.length === 2);
    expect(turns.map(({ roles }) => roles)).toEqual([['core.viewer'], []]);
    expect(turns[0]?.at).toBeGreaterThanOrEqual(startsAt.getTime());
    expect(turns[1]?.at).toBeGreaterThanOrEqual(expiresAt.getTime());
  });

  test('an end that is added later and comes earlier is not overlooked', async () => {
    const { store, index, userId } = await openAccess();
    const far = await give(store, userId, { expiresAt: fromNow(3_600_000) });
    await store.write(async (tx) => {
      await deleteRoleGrant(tx, far);
      await addRoleGrant(tx, { ...viewerGrant(userId), expiresAt: fromNow(700) });
    });
    expect(index.hasRole(userId, 'core.viewer')).toBe(true);
    await until(() => !index.hasRole(userId, 'core.viewer'));
  });

  test('loading puts right what began and ended while nothing ran', async () => {
    const { store, userId } = await openAccess();
    await store.write(async (tx) => {
      for (const key of ['m.ended', 'm.begun', 'm.coming']) await upsertRole(tx, role(key));
      const given = { userId, source: 'direct', grantedBy: null } as const;
      await addRoleGrant(tx, { ...given, roleKey: 'm.ended', expiresAt: fromNow(-1) });
      await addRoleGrant(tx, { ...given, roleKey: 'm.begun', startsAt: fromNow(-1) });
      await addRoleGrant(tx, { ...given, roleKey: 'm.coming', startsAt: fromNow(60_000) });
    });
    const loaded = await loadAccessIndex(store, systemClock);
    expect([...loaded.rolesOf(userId)]).toEqual(['m.begun']);
    expect(loaded.grantsOf(userId).map(({ roleKey }) => roleKey)).toEqual(['m.begun', 'm.coming', 'm.ended']);
  });

  test('lasting holders are those with a grant that counts and has no end', async () => {
    const { store, userId } = await openAccess();
    const holdersWith = async (period: Partial<GrantPeriod>) => {
      const given = await give(store, userId, period);
      return store.write(async (tx) => {
        const holders = await countLastingHolders(tx, ['core.viewer']);
        await deleteRoleGrant(tx, given);
        return holders;
      });
    };
    expect(await holdersWith({})).toBe(1);
    expect(await holdersWith({ startsAt: fromNow(-1) })).toBe(1);
    expect(await holdersWith({ startsAt: fromNow(60_000) })).toBe(0);
    expect(await holdersWith({ expiresAt: fromNow(60_000) })).toBe(0);
  });

  async function openAccess(): Promise<{ store: Store; index: AccessIndex; userId: string }> {
    const store = await stores.open();
    const index = await loadAccessIndex(store, systemClock);
    onTestFinished(followTime(index, { store, clock: systemClock }));
    const user = await store.write(async (tx) => {
      await upsertRole(tx, role('core.viewer'));
      return addUser(tx, { email: 'ada@example.com', name: null });
    });
    return { store, index, userId: user.id };
  }
});

function viewerGrant(userId: string) {
  return { userId, roleKey: 'core.viewer', source: 'direct', grantedBy: null } as const;
}

function give(store: Store, userId: string, period: Partial<GrantPeriod>): Promise<RoleGrant> {
  return store.write((tx) => addRoleGrant(tx, { ...viewerGrant(userId), ...period }));
}

function fromNow(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds);
}
