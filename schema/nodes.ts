import SchemaBuilder, { BasePlugin, brandWithType, PothosSchemaError, type SchemaTypes } from '@pothos/core';
import type { PothosTypeConfig } from '@pothos/core';
import { isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import type { Principal } from '../src/operation/principal.ts';
import { permits, type Rule } from '../src/operation/rule.ts';
import type { Context } from './context.ts';

type Loaded<Row> = Row | null | undefined;

/** The context of somebody who is signed in. */
export interface SignedInContext extends Context {
  readonly principal: Principal;
}

/**
 * Who may load a type by a global id, and how. `rule` is that of the type's own query; `load` answers null for what this
 * principal may not see, as for what does not exist.
 */
export interface NodeAccess<Row> {
  readonly rule: Rule;
  load(id: string, context: SignedInContext): Loaded<Row> | Promise<Loaded<Row>>;
}

declare module 'graphql' {
  // oxlint-disable-next-line typescript/no-unused-vars
  interface GraphQLObjectTypeExtensions<_TSource, _TContext> {
    node?: NodeAccess<object>;
  }
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      nodes: NodesPlugin<Types>;
    }
    // oxlint-disable-next-line typescript/no-unused-vars
    export interface ObjectTypeOptions<Types extends SchemaTypes, Shape> {
      /** For a type that implements `Node`: who may load it by its global id. Without it the schema does not build. */
      node?: NodeAccess<Shape>;
    }
  }
}

/** Makes every type that implements `Node` say who may load it by its global id: one that does not fails the build. */
export class NodesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    const { node } = config.pothosOptions as { node?: NodeAccess<object> };
    return node ? { ...config, extensions: { ...config.extensions, node } } : config;
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    for (const type of nodeTypes(schema)) {
      if (type.extensions.node) continue;
      throw new PothosSchemaError(`${type.name} implements Node and does not say who may load it: give it \`node\``);
    }
    return schema;
  }
}

/** Every type that implements `Node`. */
export function nodeTypes(schema: GraphQLSchema) {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getImplementations(node).objects : [];
}

/** What this global id stands for, or null when there is no such thing for this principal. */
export async function loadNode(schema: GraphQLSchema, globalId: string, context: Context): Promise<object | null> {
  const colon = globalId.indexOf(':');
  const type = schema.getType(globalId.slice(0, colon));
  const access = isObjectType(type) ? type.extensions.node : undefined;
  const { principal } = context;
  if (!access || principal === null || !permits(access.rule, principal)) return null;
  const row = await access.load(globalId.slice(colon + 1), { ...context, principal });
  if (!row) return null;
  const node = { ...row };
  brandWithType(node, type!.name as never);
  return node;
}

SchemaBuilder.registerPlugin('nodes', NodesPlugin);
