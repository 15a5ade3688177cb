import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
  isEnumType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { givenArguments } from './matrix.ts';

/** The smallest document that uses this root field (`Mutation.grantRole`): required arguments and plain fields only. */
export function documentFor(schema: GraphQLSchema, field: string): string {
  const [typeName = '', fieldName = ''] = field.split('.');
  const type = schema.getType(typeName);
  const definition = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!definition) throw new Error(`There is no field ${field}.`);
  const selection = selectionOf(schema, definition.type);
  return `${typeName.toLowerCase()} { ${fieldName}${givenArguments[field] ?? argumentsOf(definition.args)} ${selection} }`;
}

function argumentsOf(args: readonly GraphQLArgument[]): string {
  const required = args.filter((argument) => isNonNullType(argument.type));
  return required.length === 0 ? '' : `(${required.map(entry).join(', ')})`;
}

function entry(field: GraphQLArgument | GraphQLInputField): string {
  return `${field.name}: ${literal(field.type)}`;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return `{ ${required.map(entry).join(', ')} }`;
  }
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  const literals: Record<string, string> = { Int: '1', Float: '1.5', Boolean: 'true', JSON: '{}', BigInt: '"1"' };
  return literals[isScalarType(type) ? type.name : ''] ?? '"something"';
}

function selectionOf(schema: GraphQLSchema, outputType: GraphQLOutputType): string {
  const type = getNamedType(outputType);
  if (isLeafType(type)) return '';
  const members = isUnionType(type) ? schema.getPossibleTypes(type) : [type];
  const parts = members.map((member) => {
    const leaves = Object.values(member.getFields()).filter((field) => isLeafType(getNamedType(field.type)));
    return `... on ${member.name} { __typename ${leaves.map((leaf) => `${member.name}_${leaf.name}: ${leaf.name}`).join(' ')} }`;
  });
  return `{ ${parts.join(' ')} }`;
}
