import {
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';

const knownOf = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, boolean>>();

/**
 * Whether a document reaches a field or an object type with `extensions.personal === true`: its result may then differ
 * between two users with the same roles and the same tables.
 */
export function reachesPersonalFields(schema: GraphQLSchema, document: DocumentNode): boolean {
  const known = knownOf.get(schema) ?? new WeakMap<DocumentNode, boolean>();
  knownOf.set(schema, known);
  let personal = known.get(document);
  if (personal === undefined) known.set(document, (personal = findPersonalField(schema, document)));
  return personal;
}

function findPersonalField(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let personal = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (parent) personal ||= isPersonal(schema, parent, node.name.value);
      },
    }),
  );
  return personal;
}

function isPersonal(schema: GraphQLSchema, parent: GraphQLCompositeType, fieldName: string): boolean {
  const implementations = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
  return [parent, ...implementations].some((type) => {
    const field = 'getFields' in type ? type.getFields()[fieldName] : undefined;
    return field?.extensions['personal'] === true || (isObjectType(type) && type.extensions['personal'] === true);
  });
}
