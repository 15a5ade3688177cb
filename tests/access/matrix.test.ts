import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { readAccessMatrix } from '../../schema/access/access-matrix.ts';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { describeRule } from '../../src/operation/rule.ts';
import { ask as askSocket } from '../server/socket-client.ts';
import { ask, connectSocket, startTestServer, type Shown, type TestServer } from '../kit/server.ts';
import { documentFor } from './documents.ts';
import { matrix, rootFields, type Lowest } from './matrix.ts';

const coreRolesFromBelow = ['core.viewer', 'core.analyst', 'core.km_admin', 'core.admin'];
const people = ['no role', ...coreRolesFromBelow];
const credentials = ['session', 'token'] as const;

/** Everybody who asks: nobody, and each person by session and by token. */
interface Asker {
  readonly label: string;
  /** Null: nobody. `no role` is signed in and nothing else. */
  readonly role: string | null;
  readonly credential: (typeof credentials)[number] | null;
}

const askers: Asker[] = [
  { label: 'nobody', role: null, credential: null },
  ...people.flatMap((role) =>
    credentials.map((credential) => ({ label: `${role} by ${credential}`, role, credential })),
  ),
];

function may(lowest: Lowest, asker: Asker): boolean {
  if (lowest === 'everybody') return true;
  if (asker.role === null) return false;
  if (lowest === 'signed in') return true;
  if (lowest === 'interactive') return asker.credential === 'session';
  return coreRolesFromBelow.indexOf(asker.role) >= coreRolesFromBelow.indexOf(lowest);
}

/** What the answer must say to somebody who may not. */
function refusal(lowest: Lowest, asker: Asker): Record<string, unknown> {
  return asker.role === null ? { code: 'UNAUTHENTICATED' } : { code: 'FORBIDDEN', requiredRole: lowest };
}

describe('the matrix', () => {
  test('has a row for every root field and a field for every row', () => {
    expect(Object.keys(matrix).toSorted()).toEqual(rootFields(schema).toSorted());
  });

  test('says what the schema says', () => {
    const said = readAccessMatrix(schema).map(({ field, rule }) => [field, describeRule(rule)]);
    const rows = Object.entries(matrix).map(([field, lowest]) => [
      field,
      lowest === 'interactive' ? 'signed in interactively' : lowest,
    ]);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(rows));
  });
});

describe('over real connections', () => {
  let server: TestServer;
  const shown = new Map<string, Shown>();

  beforeAll(async () => {
    server = await startTestServer();
    for (const [index, role] of people.entries()) {
      const person = await server.person(`person${index}`, role === 'no role' ? [] : [role]);
      shown.set(`${role} by token`, { token: person.token });
      shown.set(`${role} by session`, { session: person.session });
    }
  });

  afterAll(() => server.close());

  async function auditCount(): Promise<number> {
    const { store, auditBatch } = server.open.services;
    await auditBatch.flush(store);
    return (await listAuditEvents(store, { limit: 100_000 })).length;
  }

  /** The code of the first error, with the role that is missing; null when there is none. */
  async function errorOf(field: string, asker: Asker): Promise<Record<string, unknown> | null> {
    const as = shown.get(asker.label) ?? null;
    const query = documentFor(schema, field);
    const errors = field.startsWith('Subscription.')
      ? await socketErrors(as, query)
      : (await ask(server, { as, query })).errors;
    return errors?.[0]?.extensions ?? null;
  }

  /** A subscription that is let in says nothing, so a query behind it on the same socket tells when it was decided. */
  async function socketErrors(as: Shown, query: string): Promise<{ extensions: Record<string, unknown> }[]> {
    const client = connectSocket(server, as);
    const errors: { extensions: Record<string, unknown> }[] = [];
    client.subscribe(
      { query },
      {
        next: () => {},
        complete: () => {},
        error: (told) => {
          if (Array.isArray(told)) errors.push(...(told as typeof errors));
        },
      },
    );
    try {
      await askSocket(client, '{ __typename }');
    } catch (closed) {
      errors.push({ extensions: { code: (closed as { code?: number }).code === 4401 ? 'UNAUTHENTICATED' : closed } });
    } finally {
      await client.dispose();
    }
    return errors;
  }

  describe.each(Object.entries(matrix))('%s is for %s:', (field, lowest) => {
    const refused = askers.filter((asker) => !may(lowest, asker));
    const welcome = askers.filter((asker) => may(lowest, asker));

    if (refused.length > 0) {
      test(`refuses ${refused.map(({ label }) => label).join(', ')}`, async () => {
        const before = await auditCount();
        const got = await Promise.all(refused.map(async (asker) => [asker.label, await errorOf(field, asker)]));
        expect(Object.fromEntries(got)).toEqual(
          Object.fromEntries(refused.map((asker) => [asker.label, refusal(lowest, asker)])),
        );
        expect(await auditCount()).toBe(before);
      });
    }

    test(`lets ${welcome.map(({ label }) => label).join(', ')} in`, async () => {
      const got = await Promise.all(welcome.map(async (asker) => [asker.label, await errorOf(field, asker)]));
      expect(Object.fromEntries(got)).toEqual(Object.fromEntries(welcome.map(({ label }) => [label, null])));
    });
  });
});
