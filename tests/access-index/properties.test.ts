import { describe, expect, test } from 'vitest';
import { AccessIndex } from '../../src/access/access-index.ts';
import { findCycles } from '../../src/access/role-graph.ts';
import { TableAccessIndex } from '../../src/sharing/table-access.ts';
import type { RolePath } from '../../src/access/effective-role.ts';
import { Facts } from './oracle.ts';
import {
  groupIds,
  randomAccessChange,
  randomInstant,
  randomTableChange,
  roleKeys,
  tableIds,
  userIds,
} from './random-changes.ts';
import { randomFrom, seedOfRun, type Random } from './random.ts';

const cases = 220;
const changesPerCase = 60;
const seed = seedOfRun('access index properties');

interface World {
  facts: Facts;
  access: AccessIndex;
  tables: TableAccessIndex;
}

function emptyWorld(): World {
  const access = new AccessIndex();
  return { facts: new Facts(), access, tables: new TableAccessIndex(access) };
}

/** A change, or time that passes; after it the index knows the time, as it does for each request. */
function changeSomething(world: World, random: Random): void {
  if (random.chance(0.25)) world.facts.instant = randomInstant(random, world.facts.instant);
  else changeRows(world, random);
  world.tables.passTime(new Date(world.facts.instant));
}

function changeRows(world: World, random: Random): void {
  if (random.chance(0.6)) {
    const change = randomAccessChange(random);
    world.facts.apply(change);
    world.access.apply(change);
  } else {
    const change = randomTableChange(random);
    world.facts.apply(change);
    world.tables.apply(change);
  }
}

/** Runs each case over a world that changes step by step; `look` fills caches on the way, as requests would. */
function forEachCase(
  check: (world: World, random: Random) => void,
  look: (world: World, random: Random) => void,
): void {
  for (let number = 0; number < cases; number += 1) {
    const random = randomFrom(seed + number);
    const world = emptyWorld();
    for (let step = 0; step < changesPerCase; step += 1) {
      changeSomething(world, random);
      look(world, random);
    }
    check(world, random);
  }
}

function rebuilt(facts: Facts): World {
  const world = { ...emptyWorld(), facts };
  world.access.replaceAll(facts);
  world.access.passTime(new Date(facts.instant));
  world.tables.replaceAll(facts);
  world.tables.passTime(new Date(facts.instant));
  return world;
}

/** Everything the indexes tell, in an order that does not depend on how they came to know it. */
function answers({ access, tables }: World) {
  return {
    users: userIds.map((id) => ({
      row: access.user(id),
      found: [0, 1, 2].map((variant) => access.userByEmail(`${id}.${variant}@example.com`)?.id),
      roles: [...access.rolesOf(id)].toSorted(),
      effective: access
        .effectiveRoles(id)
        .map(({ roleKey, via }) => ({ roleKey, lengths: via.map((way) => [originOf(way).id, way.path.length]) })),
      grants: access.grantsOf(id),
      readable: tables.readableSet(id).key,
    })),
    tables: tableIds.map((id) => ({
      readers: tables.readersOf(id),
      reasons: userIds.map((userId) => tables.explain(userId, id)),
      grants: tables.grantsOn(id),
    })),
    roles: roleKeys.map((key) => ({
      row: access.role(key),
      impliedBy: access.impliedBy(key),
      holders: [access.activeHolders(key), access.lastingHolders(key)],
      grants: access
        .grantsByRole(key)
        .map((grant) => grant.id)
        .toSorted(),
      counts: [access.grantCount(key), access.mappingCount(key)],
    })),
    mappings: access.groupMappings(),
    groups: access.knownGroups(),
  };
}

function originOf({ grant, mapping }: RolePath): { id: string } {
  if (!grant === !mapping) throw new Error('A path begins with a grant or with a mapping.');
  return grant ?? mapping!;
}

describe(`after ${changesPerCase} random changes, in ${cases} cases`, () => {
  test('the indexes answer as if they had been built from the final facts', () => {
    forEachCase(
      (world) => expect(answers(world)).toEqual(answers(rebuilt(world.facts))),
      (world, random) => void world.tables.readableSet(random.pick(userIds)),
    );
  });

  test('roles, paths and holders are what the definition says', () => {
    forEachCase(
      ({ facts, access }) => {
        for (const id of userIds) {
          const roles = facts.rolesOf(id);
          expect([...access.rolesOf(id)].toSorted()).toEqual(roles);
          expect(roleKeys.filter((key) => access.hasRole(id, key))).toEqual(
            roleKeys.filter((key) => roles.includes(key)),
          );
          const origins = [...facts.countingGrants(id), ...facts.mappingsOf(id)];
          for (const { roleKey, via } of access.effectiveRoles(id)) {
            const expected = origins.flatMap((origin) =>
              facts.pathsTo(roleKey, [origin.roleKey]).map((path) => [origin.id, ...path].join(' ')),
            );
            const told = via.map((way) => [originOf(way).id, ...way.path].join(' '));
            expect(told.toSorted()).toEqual(expected.toSorted());
          }
          expect(access.effectiveRoles(id).map(({ roleKey }) => roleKey)).toEqual(roles);
        }
        for (const key of roleKeys) {
          expect(access.activeHolders(key)).toBe(userIds.filter((id) => facts.rolesOf(id).includes(key)).length);
          expect(access.lastingHolders(key)).toBe(userIds.filter((id) => facts.hasLasting(id, key)).length);
        }
      },
      ({ access }, random) => void access.rolesOf(random.pick(userIds)),
    );
  });

  test('known groups are those that somebody is in, with their members, and those that are mapped', () => {
    forEachCase(
      ({ facts, access }) => {
        const known = groupIds.map((id) => ({
          id,
          memberCount: userIds.filter((userId) => facts.groupsOf(userId).includes(id)).length,
          mappings: facts.groupMappings.filter(({ externalGroupId }) => externalGroupId === id).length,
        }));
        const told = access.knownGroups().map((group) => ({ ...group, mappings: group.mappings.length }));
        const expected = known.filter(({ memberCount, mappings }) => memberCount + mappings > 0);
        expect(told).toEqual(expected.toSorted((left, right) => (left.id < right.id ? -1 : 1)));
        for (const key of roleKeys) {
          expect(access.mappingCount(key)).toBe(facts.groupMappings.filter(({ roleKey }) => roleKey === key).length);
        }
      },
      () => {},
    );
  });

  test('tables are readable as the definition says, and the first reason agrees', () => {
    forEachCase(
      ({ facts, access, tables }) => {
        for (const id of userIds) {
          const readable = tableIds.filter((tableId) => facts.canRead(id, tableId));
          expect(tables.readableSet(id).ids).toEqual(readable);
          const principal = { userId: id, roles: access.rolesOf(id) };
          for (const tableId of tableIds) {
            const allowed = readable.includes(tableId);
            expect(tables.canRead(id, tableId)).toBe(allowed);
            expect(tables.explain(id, tableId)[0]?.effect).toBe(allowed ? 'allow' : 'deny');
            if (facts.isActive(id)) expect(tables.canRead(principal, tableId)).toBe(allowed);
          }
        }
        for (const tableId of tableIds) {
          const readers = userIds.filter((id) => facts.canRead(id, tableId)).toSorted();
          expect(
            tables
              .readersOf(tableId)
              .map(({ id }) => id)
              .toSorted(),
          ).toEqual(readers);
        }
        const keys = new Map(userIds.map((id) => [tables.readableSet(id).ids.join(), tables.readableSet(id).key]));
        expect(new Set(keys.values()).size).toBe(keys.size);
      },
      ({ tables }, random) => void tables.canRead(random.pick(userIds), random.pick(tableIds)),
    );
  });

  test('versions rise whenever an answer has changed', () => {
    for (let number = 0; number < cases / 3; number += 1) {
      const random = randomFrom(seed + number);
      const world = emptyWorld();
      for (let step = 0; step < changesPerCase; step += 1) {
        const before = {
          roles: userIds.map((id) => world.facts.rolesOf(id).join()),
          readable: readableOf(world.facts),
          version: world.access.version,
          versions: world.access.version + world.tables.version,
        };
        changeSomething(world, random);
        if (readableOf(world.facts) !== before.readable) {
          expect(world.access.version + world.tables.version).toBeGreaterThan(before.versions);
        }
        const turns = Math.min(world.access.nextTurn, world.tables.nextTurn);
        if (turns <= world.facts.instant) throw new Error('A turn was overlooked.');
        const altered = userIds.some((id, position) => world.facts.rolesOf(id).join() !== before.roles[position]);
        if (altered) expect(world.access.version).toBeGreaterThan(before.version);
      }
    }
  });

  test('a circle of roles is found exactly when a role gives itself', () => {
    forEachCase(
      ({ facts }) => {
        const circular = facts.roles.some((role) => facts.closure([...role.implies]).includes(role.key));
        const cycles = findCycles(new Map(facts.roles.map((role) => [role.key, role])));
        expect(cycles.length > 0).toBe(circular);
        for (const cycle of cycles) {
          expect(cycle.at(-1)).toBe(cycle[0]);
          expectPath(facts, { from: cycle[0] as string, to: cycle[0] as string, path: cycle });
        }
      },
      () => {},
    );
  });
});

function readableOf(facts: Facts): string {
  return userIds.map((id) => tableIds.filter((tableId) => facts.canRead(id, tableId)).join()).join(';');
}

function expectPath(facts: Facts, { from, to, path }: { from: string; to: string; path: readonly string[] }): void {
  expect([path[0], path.at(-1)]).toEqual([from, to]);
  for (let step = 1; step < path.length; step += 1) {
    const giver = facts.roles.find((role) => role.key === path[step - 1]);
    expect(giver?.implies).toContain(path[step]);
  }
}
