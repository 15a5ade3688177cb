import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/kernel/package-root.ts';

test('every document of the web app is valid in the published schema', () => {
  const documents = readDocuments(join(packageRoot, 'web'));
  expect(documents.length).toBeGreaterThan(0);
  const schema = buildSchema(readFileSync(join(packageRoot, 'schema/schema.graphql'), 'utf8'));
  expect(validate(schema, parse(documents.join('\n'))).map(String)).toEqual([]);
});

/** The texts handed to `graphql(…)` in all files; names of operations and fragments are unique among them. */
function readDocuments(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\bgraphql\(\s*`([^`]*)`/g)])
    .map(([, text]) => text ?? '');
}
