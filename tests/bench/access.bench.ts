import { AccessIndex } from '../../src/access/access-index.ts';
import { TableAccessIndex } from '../../src/sharing/table-access.ts';
import { accessFacts, roleKeys, sequence, tableFacts, userIds } from './access-facts.ts';
import { compare, formatNanoseconds, usedHeapMegabytes, type BenchRow, type Measured } from './bench.ts';

export const name = 'access';

const calls = 100_000;
const rounds = 9;

export default async function bench(): Promise<BenchRow[]> {
  const heapBefore = usedHeapMegabytes();
  const facts = accessFacts();
  const heapWithFacts = usedHeapMegabytes();
  const access = new AccessIndex();
  access.replaceAll(facts);
  const heapWithIndex = usedHeapMegabytes();
  const tables = new TableAccessIndex(access);
  tables.replaceAll(tableFacts());
  const rows = [
    await checkRow(access, 1_000),
    await checkRow(access, userIds.length),
    await updateRow(access, facts),
    await readableRow(access, tables),
    await freshReadableRow(access, tables),
  ];
  const users = userIds.filter((userId) => access.rolesOf(userId).size > 0);
  for (const userId of users.slice(0, 30_000)) tables.readableSet(userId);
  const heapAtMost = usedHeapMegabytes();
  const heap =
    `rows ${megabytes(heapWithFacts - heapBefore)}, index ${megabytes(heapWithIndex - heapWithFacts)}, ` +
    `role sets of all users and 30,000 readable sets ${megabytes(heapAtMost - heapWithIndex)}`;
  // Made after the measurement from all that was measured, which keeps it from being collected before.
  const everything = tables.readableSet({ userId: 'system', roles: new Set(['core.admin']) });
  const scale =
    `${count(users.length)} users, ${count(access.roles().length)} roles 20 deep, ` +
    `${count(facts.roleGrants.length)} grants, ${count(everything.ids.length)} tables`;
  return [{ what: 'scale', ratio: null, note: scale }, ...rows, { what: 'heap', ratio: null, note: heap }];
}

/** The same questions to the index and to the users' sets, which were looked up before. Half of the answers are yes. */
function questions(access: AccessIndex, userCount: number) {
  const below = sequence(3);
  return Array.from({ length: calls }, (_, number) => {
    const userId = userIds[below(userCount)] as string;
    const roles = access.rolesOf(userId);
    const held = [...roles];
    const key = (number % 2 === 0 ? held[below(held.length)] : roleKeys[below(roleKeys.length)]) as string;
    return { userId, roles, key };
  });
}

async function checkRow(access: AccessIndex, userCount: number): Promise<BenchRow> {
  const asked = questions(access, userCount);
  const subject = counting(asked, ({ userId, key }) => access.hasRole(userId, key));
  const baseline = counting(asked, ({ roles, key }) => roles.has(key));
  const { ratio, subjectNanoseconds, baselineNanoseconds } = await compare({ subject, baseline, rounds });
  return {
    what: `access check ÷ bare Set.has, ${count(userCount)} users in turn`,
    ratio,
    note: `${formatNanoseconds(subjectNanoseconds)} ÷ ${formatNanoseconds(baselineNanoseconds)}`,
  };
}

async function updateRow(access: AccessIndex, facts: ReturnType<typeof accessFacts>): Promise<BenchRow> {
  const updates = 2_000;
  const below = sequence(4);
  const spare = new AccessIndex();
  const subject: Measured = {
    calls: updates,
    run() {
      let held = 0;
      for (let number = 0; number < updates; number += 1) {
        const userId = userIds[below(userIds.length)] as string;
        const roleKey = roleKeys[below(roleKeys.length)] as string;
        const row = { ...facts.roleGrants[0]!, id: 'one-more', userId, roleKey };
        access.apply({ kind: 'roleGrant', op: 'put', row });
        if (access.hasRole(userId, roleKey)) held += 1;
        access.apply({ kind: 'roleGrant', op: 'drop', row });
        if (access.hasRole(userId, roleKey)) held += 1;
      }
      return held;
    },
  };
  const baseline: Measured = {
    calls: 1,
    run() {
      spare.replaceAll(facts);
      return spare.hasRole(userIds[0]!, roleKeys[0]!) ? 1 : 2;
    },
  };
  const { ratio, subjectNanoseconds, baselineNanoseconds } = await compare({ subject, baseline, rounds: 3 });
  spare.replaceAll({ users: [], roles: [], roleGrants: [], userGroups: [], groupMappings: [] });
  return {
    what: 'index update (grant put, check, drop, check) ÷ full rebuild',
    ratio,
    note: `${formatNanoseconds(subjectNanoseconds)} ÷ ${formatNanoseconds(baselineNanoseconds)}`,
  };
}

async function readableRow(access: AccessIndex, tables: TableAccessIndex): Promise<BenchRow> {
  const asked = questions(access, 1_000).map(({ userId, roles, key }) => ({ reader: { userId, roles }, key }));
  const subject = counting(asked, ({ reader }) => tables.readableSet(reader).ids.length > 0);
  const baseline = counting(asked, ({ reader, key }) => reader.roles.has(key));
  const { ratio, subjectNanoseconds, baselineNanoseconds } = await compare({ subject, baseline, rounds });
  return {
    what: 'readable set, kept ÷ bare Set.has, 1,000 users in turn',
    ratio,
    note: `${formatNanoseconds(subjectNanoseconds)} ÷ ${formatNanoseconds(baselineNanoseconds)}`,
  };
}

async function freshReadableRow(access: AccessIndex, tables: TableAccessIndex): Promise<BenchRow> {
  const asked = userIds.slice(0, 1_000).map((userId) => ({ userId, roles: access.rolesOf(userId) }));
  const kept = counting(asked, (reader) => tables.readableSet(reader).ids.length > 0);
  let isPublic = false;
  const made: Measured = {
    calls: asked.length,
    run() {
      isPublic = !isPublic;
      tables.apply({ kind: 'table', op: 'put', row: { id: 'changing', sourceId: 'files', bucket: null, isPublic } });
      return kept.run();
    },
  };
  const { ratio, subjectNanoseconds, baselineNanoseconds } = await compare({ subject: made, baseline: kept, rounds });
  return {
    what: 'readable set, made anew ÷ kept',
    ratio,
    note: `${formatNanoseconds(subjectNanoseconds)} ÷ ${formatNanoseconds(baselineNanoseconds)}`,
  };
}

function counting<Item>(items: readonly Item[], holds: (item: Item) => boolean): Measured {
  return {
    calls: items.length,
    run() {
      let held = 0;
      for (const item of items) if (holds(item)) held += 1;
      return held;
    },
  };
}

function megabytes(value: number): string {
  return `${value.toFixed(0)} MB`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
