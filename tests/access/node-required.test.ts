import SchemaBuilder from '@pothos/core';
import { expect, test } from 'vitest';
import { builder as ours } from '../../schema/builder.ts';

test('a type that implements Node and does not say who may load it does not build', () => {
  const builder: typeof ours = new SchemaBuilder(ours.options) as never;
  const Thing = builder.objectRef<{ id: string }>('Thing');
  builder.node(Thing, { id: { resolve: ({ id }) => id } });
  builder.queryType({});
  builder.scalarType('DateTime', { serialize: String });
  expect(() => builder.toSchema()).toThrow('Thing implements Node and does not say who may load it');
});
