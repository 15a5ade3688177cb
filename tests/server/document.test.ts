import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { documentLimits } from '../../src/server/document-limits.ts';
import { limitRules, parseAndValidate } from '../../src/server/document.ts';

const schema = buildSchema(`
  type Query { users: Users, hello: String }
  type Mutation { say: String }
  type Users { edges: [Edge!]!, name: String }
  type Edge { node: User! }
  type User { name: String, friends: Users }
`);

function codes(text: string, operationName?: string): unknown[] {
  const result = parseAndValidate(schema, text, operationName);
  return 'errors' in result ? result.errors.map((error) => error.extensions['code']) : [];
}

/** `{ users { users … { name } } }` with so many levels of fields. */
function deep(levels: number): string {
  const cycle = ['friends', 'edges', 'node'];
  const names = Array.from({ length: levels - 2 }, (_, level) => cycle[(level + 1) % 3]);
  return `{ users { ${names.join(' { ')} { __typename ${'}'.repeat(levels)}`;
}

describe('depth', () => {
  test('the deepest allowed document passes, one level more is refused', () => {
    expect(codes(deep(documentLimits.depth))).toEqual([]);
    expect(codes(deep(documentLimits.depth + 1))).toEqual(['DEPTH_LIMIT']);
  });

  test('a fragment counts where it is used', () => {
    const fragments =
      'fragment A on User { friends { edges { node { ...B } } } } fragment B on User { friends { name } }';
    expect(codes(`{ users { edges { node { ...A } } } } ${fragments}`)).toEqual([]);
    const inner = '{ users { edges { node { friends { edges { node { friends { edges { node { ...A } } } } } } } } } }';
    expect(codes(`${inner} ${fragments}`)).toEqual([]);
    const deeper = inner.replace('...A', 'friends { edges { node { ...A } } }');
    expect(codes(`${deeper} ${fragments}`)).toEqual(['DEPTH_LIMIT']);
  });

  test('the introspection of tools passes', () => {
    const text = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
    });
    expect(codes(text)).toEqual([]);
  });

  test('introspection cannot go round in circles', () => {
    const circle = 'fields { type { fields { type { fields { type { fields { name } } } } } } }';
    expect(codes(`{ __schema { types { ${circle} } } }`)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  test('a fragment inside itself is refused, not followed', () => {
    const text = '{ users { ...A } } fragment A on Users { edges { node { friends { ...A } } } }';
    expect(codes(text)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('width', () => {
  function aliases(count: number): string {
    return Array.from({ length: count }, (_, index) => `a${index}: name`).join(' ');
  }

  test('aliases are counted in all, fragments wherever they are used', () => {
    expect(codes(`{ users { ${aliases(30)} } }`)).toEqual([]);
    expect(codes(`{ users { ${aliases(31)} } }`)).toEqual(['ALIAS_LIMIT']);
    const twice = '{ users { edges { node { ...A friends { edges { node { ...A } } } } } } }';
    expect(codes(`${twice} fragment A on User { ${aliases(16)} }`)).toEqual(['ALIAS_LIMIT']);
  });

  test('fragments that multiply are counted without being unfolded', () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `fragment F${level} on Users { ...F${level + 1} edges { node { friends { ...F${level + 1} } } } }`,
    );
    const start = performance.now();
    expect(codes(`{ users { ...F0 } } ${levels.join(' ')} fragment F60 on Users { a: name }`)).toContain('ALIAS_LIMIT');
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('root fields and directives have limits of their own', () => {
    expect(codes(`{ ${'hello '.repeat(20)} }`)).toEqual([]);
    expect(codes(`{ ${'hello '.repeat(21)} }`)).toEqual(['ROOT_FIELD_LIMIT']);
    expect(codes(`{ ...A ...A ...A } fragment A on Query { ${'hello '.repeat(7)} }`)).toEqual(['ROOT_FIELD_LIMIT']);
    const directives = (count: number) =>
      `{ ${'hello @include(if: true) '.repeat(10)} users { ${'name @skip(if: false) '.repeat(count)} } }`;
    expect(codes(directives(40))).toEqual([]);
    expect(codes(directives(41))).toEqual(['DIRECTIVE_LIMIT']);
  });

  test('each operation of a document is measured by itself', () => {
    const text = `query A { users { ${aliases(20)} } } query B { users { ${aliases(20)} } }`;
    expect(codes(text, 'A')).toEqual([]);
  });
});

describe('texts', () => {
  test('too many tokens, broken and unfit texts have codes of their own', () => {
    expect(codes(`{ ${'hello '.repeat(2_000)} }`)).toEqual(['TOKEN_LIMIT']);
    expect(codes('{ hello')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(codes('')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(codes('{ nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(codes('type Query { a: Int }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  test('an error tells where it is', () => {
    const result = parseAndValidate(schema, '{\n  nothing\n}');
    expect('errors' in result && result.errors[0]?.toJSON()).toMatchObject({ locations: [{ line: 2, column: 3 }] });
  });

  test('a rule that throws on @skip with a variable at the root of a subscription is an answer, not a crash', () => {
    const events = buildSchema('type Query { a: Int } type Subscription { a: Int }');
    const result = parseAndValidate(events, 'subscription ($no: Boolean!) { a @skip(if: $no) }');
    expect('errors' in result && result.errors[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('the operation is the named one; without a name there must be only one', () => {
    const text = 'query A { hello } mutation B { say }';
    const result = parseAndValidate(schema, text, 'B');
    expect('operation' in result && result.operation.operation).toBe('mutation');
    expect(codes(text)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(codes(text, 'C')).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(codes('{ hello }', 'C')).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });

  test('a text that was accepted before is not parsed again, for the same schema only', () => {
    const other = buildSchema('type Query { goodbye: String }');
    const first = parseAndValidate(schema, '{ hello }');
    const second = parseAndValidate(schema, '{ hello }');
    expect('document' in first && 'document' in second && first.document === second.document).toBe(true);
    expect('errors' in parseAndValidate(other, '{ hello }')).toBe(true);
  });

  test('the rules can be used by any other validation', () => {
    const errors = validate(schema, parse(deep(16)), [...limitRules]);
    expect(errors.map((error) => error.extensions['code'])).toEqual(['DEPTH_LIMIT']);
  });
});
