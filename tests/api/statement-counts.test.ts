import { AsyncLocalStorage } from 'node:async_hooks';
import { DefaultQueryExecutor } from 'kysely';
import { execute, getNamedType, isCompositeType, isListType, isNonNullType, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createContext } from '../../schema/context.ts';
import { schema } from '../../schema/schema.ts';
import { createGroupMapping } from '../../src/access/create-group-mapping.ts';
import { authenticateSession } from '../../src/identity/authenticate.ts';
import { replaceExternalGroups } from '../../src/people/replace-external-groups.ts';
import { grantTableAccess } from '../../src/sharing/grant-table-access.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { deepDocument } from './deep-document.ts';

/** Every list that can be asked for without arguments, from the schema, so that a new one is tried too. */
const lists = Object.values(schema.getQueryType()!.getFields())
  .filter(({ type, args }) => {
    const named = getNamedType(type);
    if (!isCompositeType(named) || args.some((argument) => isNonNullType(argument.type))) return false;
    return isListType(type) || named.name.endsWith('Connection');
  })
  .map(({ name, args }) => ({
    field: name,
    args: args.some((argument) => argument.name === 'first') ? '(first: 500)' : '',
  }));

describe('a list with everything below it costs a number of statements that does not grow with its rows:', () => {
  let server: TestServer;
  let session = '';
  let made = 0;

  beforeAll(async () => {
    server = await startTestServer();
    ({ session } = await server.person('root', ['core.admin']));
  });

  afterAll(() => server.close());

  async function addRows(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1, made += 1) {
      const person = await server.person(`person${made}`, ['core.viewer', 'core.analyst']);
      const table = await server.registerFile(`table${made}`, 'id\n1\n');
      await server.run(grantTableAccess, { tableId: table.id, userId: person.id });
      await server.run(grantTableAccess, { tableId: table.id, roleKey: 'core.analyst' });
      const groups = [{ id: 'everybody' }, { id: `group${made}` }];
      await server.open.services.store.write((tx) =>
        replaceExternalGroups(tx, { userId: person.id, provider: 'idp', groups }),
      );
      await server.run(createGroupMapping, { externalGroupId: `group${made}`, roleKey: 'core.viewer' });
      await server.sync();
    }
  }

  async function countStatements(given: { field: string; args: string }): Promise<number> {
    const { services } = server.open;
    const principal = authenticateSession(services, session);
    const document = parse(deepDocument(schema, { ...given, depth: 3 }));
    expect(validate(schema, document)).toEqual([]);
    const instance = { name: 'Agnes', version: '0', developmentMode: false, publicUrl: server.url };
    // What the server does at the same time, such as looking after its queues, is not counted.
    const counted = new AsyncLocalStorage<{ statements: number }>();
    const prototype = Object.getPrototypeOf(DefaultQueryExecutor.prototype) as DefaultQueryExecutor;
    // oxlint-disable-next-line typescript/unbound-method
    const original = prototype.executeQuery as (...given: unknown[]) => unknown;
    const executed = vi.spyOn(prototype, 'executeQuery').mockImplementation(function (this: unknown, ...query) {
      const count = counted.getStore();
      if (count) count.statements += 1;
      return original.apply(this, query) as never;
    });
    const count = { statements: 0 };
    try {
      const contextValue = createContext({ principal, requestId: 'count', services, instance });
      const { errors } = await counted.run(count, async () => execute({ schema, document, contextValue }));
      expect(errors).toBeUndefined();
      return count.statements;
    } finally {
      executed.mockRestore();
    }
  }

  test('all of them', async () => {
    await addRows(2);
    const few = new Map<string, number>();
    for (const list of lists) few.set(list.field, await countStatements(list));
    await addRows(6);
    const many = new Map<string, number>();
    for (const list of lists) many.set(list.field, await countStatements(list));
    expect(lists.length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...few.values())).toBeGreaterThan(0);
    expect(many).toEqual(few);
  });
});
