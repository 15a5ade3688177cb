import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { readAccessMatrix } from '../../schema/access/access-matrix.ts';
import { listAuditEvents } from '../../src/audit/read-audit-events.ts';
import { describeRule } from '../../src/operation/rule.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { askers, introduceAskers, may, refusal, type ErrorOf } from './askers.ts';
import { matrix, rootFields } from './matrix.ts';

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
  let errorOf: ErrorOf;

  beforeAll(async () => {
    server = await startTestServer();
    errorOf = await introduceAskers(server);
  });

  afterAll(() => server.close());

  async function auditCount(): Promise<number> {
    const { store, auditBatch } = server.open.services;
    await auditBatch.flush(store);
    const events = await listAuditEvents(store, { limit: 100_000 });
    // The first use of a token is audited whatever it was used for.
    return events.filter(({ action }) => action !== 'token.usedFromNewAddress').length;
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
