import { describe, expect, test } from 'vitest';
import { describeRule, type Rule } from '../../src/operation/rule.ts';
import { builder } from '../../schema/builder.ts';
import '../../schema/schema.ts';

describe('rules of the schema', () => {
  test('a root field without a rule does not build', () => {
    builder.queryField('open', (t) => t.string({ nullable: true, resolve: () => 'everybody reads this' }));
    expect(() => builder.toSchema()).toThrow('Query.open has no rule');
  });

  test('an unknown role does not compile', () => {
    // @ts-expect-error no module defines this role
    const rule: Rule = { role: 'core.nobody' };
    expect(describeRule(rule)).toBe('core.nobody');
  });
});
