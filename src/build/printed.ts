import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { introspectionFromSchema, lexicographicSortSchema } from 'graphql';
import { z } from 'zod';
import { readAccessMatrix } from '../../schema/access/access-matrix.ts';
import { schema } from '../../schema/schema.ts';
import { configKeys } from '../kernel/config.ts';
import { describeRule } from '../operation/rule.ts';

/** `schema/schema.graphql`: the public contract, with the rule of every root field. */
export function printedSchema(): string {
  return `${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n`;
}

/** `schema/graphql-env.d.ts`: the schema as types, for the typed clients. */
export function typedClientEnvironment(): string {
  const introspection = minifyIntrospection(introspectionFromSchema(schema, { descriptions: false }));
  return outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true });
}

/** `docs/configuration.md`: every environment key with its default. */
export function configurationPage(): string {
  const rows = Object.entries(configKeys).map(([key, type]) => {
    const { default: fallback } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
    const shown =
      fallback === undefined || fallback === '' ? '' : `\`${JSON.stringify(fallback).replaceAll('"', '')}\``;
    return `| \`${key}\` | ${shown} | ${type.description ?? ''} |`;
  });
  return [
    '# Configuration',
    '',
    'Agnes reads these environment variables once, at start; every fault is told at once. A connector’s own variables stand in its README.',
    '',
    '| key | default | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** `docs/access-matrix.md`: who may use each root field. */
export function accessMatrixPage(): string {
  const rows = readAccessMatrix(schema).map(({ field, rule }) => `| \`${field}\` | ${describeRule(rule)} |`);
  return [
    '# Access matrix',
    '',
    'Who may use each root field, as the schema itself states it. A role stands for its holders and for those of every role that implies it.',
    '',
    '| field | who |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
