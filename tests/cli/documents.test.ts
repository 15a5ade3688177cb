import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const folder = 'src/cli';
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('connection/graphql.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'));
const documents = sources.flatMap((text) =>
  [...text.matchAll(/\bgraphql\(`([^`]*)`\)/g)].map(([, document]) => document!),
);

describe('documents of da', () => {
  test('all are found', () => {
    const calls = sources.flatMap((text) => text.match(/\bgraphql\(/g) ?? []);
    expect(documents.length).toBe(calls.length);
    expect(documents.length).toBeGreaterThan(8);
  });

  test.each(documents.map((text) => [/(query|mutation|subscription) \w+/.exec(text)?.[0] ?? text, text]))(
    '%s fits the schema',
    (_name, text) => {
      expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
    },
  );
});
