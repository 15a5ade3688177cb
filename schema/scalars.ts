import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'An instant as RFC 3339 text in UTC, such as `2026-01-31T09:30:00.000Z`.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const date = new Date(typeof value === 'string' ? value : Number.NaN);
    if (Number.isNaN(date.getTime()))
      throw new GraphQLError('A DateTime is RFC 3339 text, such as 2026-01-31T09:30:00Z.');
    return date;
  },
});

builder.scalarType('BigInt', {
  description: 'A whole number of any size, as decimal text: JSON numbers lose digits beyond 2^53.',
  serialize: String,
  parseValue: (value) => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !/^-?\d+$/.test(text))
      throw new GraphQLError('A BigInt is decimal text, such as "42".');
    return text;
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: readLiteral,
});

builder.scalarType('SqlValue', {
  description:
    'One value of a statement’s result as JSON. BIGINT, HUGEINT and DECIMAL are text, so that no digit is lost; times are ' +
    'RFC 3339 text; BLOB is base64; NaN and the infinities are text; lists and structs are JSON lists and objects.',
  serialize: (value) => value,
});

function readLiteral(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, readLiteral(field.value, variables)]));
    case Kind.LIST:
      return node.values.map((value) => readLiteral(value, variables));
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    default:
      return node.value;
  }
}
