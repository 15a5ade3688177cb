import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, type GraphQLNamedType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/schema.ts';

/** What relay's standard types and Pothos' own unions are called; their descriptions are not ours. */
const ofLibraries = /^(__|Query$|Mutation$|Subscription$)/;

test('every type, field, argument and value of the schema says what it is', () => {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  expect(types.length).toBeGreaterThan(30);
  expect(types.flatMap(undescribed)).toEqual([]);
});

function undescribed(type: GraphQLNamedType): string[] {
  const parts = [
    ...(ofLibraries.test(type.name) ? [] : [{ path: type.name, description: type.description }]),
    ...partsOf(type),
  ];
  return parts.filter(({ description }) => !description).map(({ path }) => path);
}

function partsOf(type: GraphQLNamedType): { path: string; description: string | null | undefined }[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => ({ path: `${type.name}.${name}`, description }));
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map(({ name, description }) => ({
      path: `${type.name}.${name}`,
      description,
    }));
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    { path: `${type.name}.${field.name}`, description: field.description },
    ...field.args.map((arg) => ({ path: `${type.name}.${field.name}(${arg.name})`, description: arg.description })),
  ]);
}
