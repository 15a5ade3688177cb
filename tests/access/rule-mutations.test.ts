import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { readAccessMatrix } from '../../schema/access/access-matrix.ts';
import type { Rule } from '../../src/operation/rule.ts';
import { startTestServer, type TestServer } from '../kit/server.ts';
import { askers, coreRolesFromBelow, introduceAskers, may, refusal, type ErrorOf } from './askers.ts';
import { matrix } from './matrix.ts';

/** The rules of the schema as they bind: the same objects stand on the fields and on the operations behind them. */
const rules = new Map(readAccessMatrix(schema).map(({ field, rule }) => [field, rule as Record<string, unknown>]));

/** Weaker rules that a mistake could put in the place of `rule`: public, and the next lower one. */
function weakened(rule: Rule): Rule[] {
  if ('public' in rule) return [];
  if ('signedIn' in rule) return [{ public: true }];
  if ('interactive' in rule) return [{ public: true }, { signedIn: true }];
  const below = coreRolesFromBelow[coreRolesFromBelow.findIndex((role) => role === rule.role) - 1];
  return [{ public: true }, below === undefined ? { signedIn: true } : { role: below }];
}

/** The hub lets nobody listen who is not signed in, whatever the rule says: there a public rule lets the same people in. */
function isAsStrict(field: string, rule: Rule): boolean {
  return field.startsWith('Subscription.') && 'signedIn' in rule;
}

const guarded = [...rules].filter(([field, rule]) => !isAsStrict(field, rule as Rule));
const mutants = guarded.flatMap(([field, rule]) =>
  weakened(rule as Rule).map((weaker) => ({ field, weaker, title: `${field} for ${JSON.stringify(weaker)}` })),
);

describe('a rule that is weakened by mistake is caught by a row of the matrix', () => {
  let server: TestServer;
  let errorOf: ErrorOf;

  beforeAll(async () => {
    server = await startTestServer();
    errorOf = await introduceAskers(server);
  });

  afterAll(() => server.close());

  /** The askers whom the row refuses and the server does not refuse as it should. */
  async function findLeaks(field: string): Promise<string[]> {
    const lowest = matrix[field]!;
    const refused = askers.filter((asker) => !may(lowest, asker));
    const told = await Promise.all(refused.map((asker) => errorOf(field, asker)));
    return refused
      .filter((asker, place) => !isDeepStrictEqual(told[place], refusal(lowest, asker)))
      .map(({ label }) => label);
  }

  async function findLeaksWith(field: string, weaker: Rule): Promise<string[]> {
    const rule = rules.get(field)!;
    const kept = { ...rule };
    replace(rule, weaker);
    try {
      return await findLeaks(field);
    } finally {
      replace(rule, kept);
    }
  }

  test.each(mutants)('$title', async ({ field, weaker }) => {
    expect(await findLeaksWith(field, weaker)).not.toEqual([]);
    expect(await findLeaks(field)).toEqual([]);
  });
});

/** Changes the rule where it stands, so that field, early refusal and operation have the weaker one alike. */
function replace(rule: Record<string, unknown>, by: object): void {
  for (const key of Object.keys(rule)) delete rule[key];
  Object.assign(rule, by);
}
