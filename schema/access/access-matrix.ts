import { GraphQLObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import { expandRoles } from '../../src/access/role-graph.ts';
import { describeRule, permits, type Rule } from '../../src/operation/rule.ts';
import type { Services } from '../../src/operation/services.ts';
import { builder } from '../builder.ts';

interface AccessRuleValue {
  field: string;
  description: string;
  rule: Rule;
}

const AccessRule = builder.objectRef<AccessRuleValue>('AccessRule').implement({
  description: 'The rule of one root field.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Such as `Mutation.grantRole`.' }),
    description: t.exposeString('description', { description: 'What it gives or does.' }),
    rule: t.string({
      description: 'The lowest role that may, or `everybody`, `signed in`, `signed in interactively`.',
      resolve: ({ rule }) => describeRule(rule),
    }),
    roles: t.stringList({
      description: 'Every role whose holders may, by implication too; empty when the rule names no role.',
      resolve: ({ rule }, _args, { services }) => ('role' in rule ? rolesThatMay(services, rule) : []),
    }),
    permitted: t.boolean({
      description: 'Whether the viewer may, now.',
      resolve: ({ rule }, _args, { principal }) => permits(rule, principal),
    }),
  }),
});

builder.queryField('accessMatrix', (t) =>
  t.field({
    type: [AccessRule],
    nullable: true,
    description: 'The rule of every query, mutation and subscription, as the schema itself states it.',
    authScopes: { signedIn: true },
    resolve: (_root, _args, _context, info) => readAccessMatrix(info.schema),
  }),
);

/** The rule of every root field, sorted by field. */
export function readAccessMatrix(schema: GraphQLSchema): AccessRuleValue[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots
    .filter((type) => type instanceof GraphQLObjectType)
    .flatMap((type) => Object.values(type.getFields()).map((field) => ruleOf(type, field)));
}

function ruleOf(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): AccessRuleValue {
  const name = `${type.name}.${field.name}`;
  if (!field.extensions.rule) throw new Error(`${name} has no rule`);
  return { field: name, description: field.description ?? '', rule: field.extensions.rule };
}

function rolesThatMay(services: Services, rule: { role: string }): string[] {
  const roles = services.accessIndex.roles();
  const graph = new Map(roles.map((role) => [role.key, role]));
  return roles.map((role) => role.key).filter((key) => expandRoles(graph, [key]).has(rule.role));
}
