import {
  getNamedType,
  isCompositeType,
  isNonNullType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';

/** A query of one root field that selects everything below it that needs no argument, `depth` objects deep. */
export function deepDocument(schema: GraphQLSchema, given: { field: string; depth: number; args?: string }): string {
  const { field, depth, args = '' } = given;
  const root = schema.getQueryType()!.getFields()[field]!;
  return `{ ${field}${args} ${selection(schema, { type: getNamedType(root.type) as GraphQLCompositeType, depth })} }`;
}

function selection(schema: GraphQLSchema, given: { type: GraphQLCompositeType; depth: number }): string {
  const { type, depth } = given;
  const members = isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  const parts = members.map((member) => {
    const fields = Object.values(member.getFields())
      .filter((field) => !field.args.some(({ type: argument }) => isNonNullType(argument)))
      .flatMap((field) => one(schema, { owner: member.name, field, depth }));
    return `... on ${member.name} { __typename ${fields.join(' ')} }`;
  });
  return `{ ${parts.join(' ')} }`;
}

/** Edges and pages are not counted as objects: what they carry is. */
const wrappers = /(Connection|Edge|PageInfo)$/;

function one(
  schema: GraphQLSchema,
  given: { owner: string; field: GraphQLField<unknown, unknown>; depth: number },
): string[] {
  const { owner, field } = given;
  const type = getNamedType(field.type);
  const alias = `${owner}_${field.name}: ${field.name}`;
  if (!isCompositeType(type)) return [alias];
  const depth = wrappers.test(type.name) ? given.depth : given.depth - 1;
  if (depth < 0) return [];
  const all = field.args.some(({ name }) => name === 'first') ? '(first: 500)' : '';
  return [`${alias}${all} ${selection(schema, { type, depth })}`];
}
