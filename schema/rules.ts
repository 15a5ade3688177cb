import SchemaBuilder, {
  BasePlugin,
  PothosSchemaError,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import { GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { type Failure, ForbiddenError } from '../src/kernel/errors.ts';
import { demand, demandWriter, type Rule } from '../src/operation/rule.ts';
import type { Context } from './context.ts';
import { unstorable } from './storable-arguments.ts';

/** How a subscription field is fed: its topic in the outbox, and who is shown an event. */
export interface SubscriptionSource<Event, Args> {
  readonly topic: string;
  /** Whether this event is shown to the principal of `context`, decided anew for each event. */
  visible(event: { readonly payload: Event }, args: Args, context: Context): boolean;
}

declare module 'graphql' {
  // oxlint-disable-next-line typescript/no-unused-vars
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    rule?: Rule;
    subscription?: SubscriptionSource<never, never>;
  }
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      rules: RulesPlugin<Types>;
    }
    // oxlint-disable typescript/no-unused-vars
    export interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      /** For a field of `Subscription`: how it is fed. */
      source?: SubscriptionSource<never, never>;
    }
    // oxlint-enable typescript/no-unused-vars
  }
}

const rootKinds: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * Makes the rule of every root field binding and visible: a root field without a static `authScopes` does not build, the
 * rule is checked before arguments are mapped or validated, printed as `@requires`, and kept for the access matrix. Then
 * arguments of whatever field that hold U+0000 are refused.
 */
export class RulesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (!rootKinds.has(config.kind)) return config;
    const rule = readRule(config);
    if (config.pothosOptions.nullable !== true && !hasErrorUnion(config)) {
      throw new PothosSchemaError(`${nameOf(config)} must be nullable, so that a refusal leaves its siblings alone`);
    }
    return {
      ...config,
      extensions: {
        ...config.extensions,
        rule,
        subscription: config.pothosOptions.source,
        directives: { ...(config.extensions?.['directives'] as object), requires: rule },
      },
    };
  }

  override wrapArgMappers(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    const rule = config.extensions?.['rule'] as Rule | undefined;
    if (!resolver || (!rule && Object.keys(config.args).length === 0)) return resolver;
    return (parent, args, context, info) => {
      if (rule) enforce(rule, context as unknown as Context, config.kind);
      const refusal = unstorable(args);
      if (refusal) throw refusal;
      return resolver(parent, args, context, info);
    };
  }
}

/**
 * Throws the refusal as a GraphQL error, when the rule does not let the principal of `context` in, or when `kind` is
 * `Mutation` and the principal may change nothing.
 */
export function enforce(rule: Rule, context: Pick<Context, 'principal'>, kind?: string): void {
  try {
    if (kind === 'Mutation') demandWriter(context.principal);
    demand(rule, context.principal);
  } catch (error) {
    throw asGraphQLError(error as Failure);
  }
}

/** A failure as it travels in `errors`: its sentence, its code, and the missing role. */
export function asGraphQLError(failure: Failure): GraphQLError {
  const requiredRole = failure instanceof ForbiddenError ? { requiredRole: failure.requiredRole } : {};
  return new GraphQLError(failure.message, {
    originalError: failure,
    extensions: { code: failure.code, ...requiredRole },
  });
}

function readRule<Types extends SchemaTypes>(config: PothosOutputFieldConfig<Types>): Rule {
  const scopes: unknown = (config.pothosOptions as { authScopes?: unknown }).authScopes;
  if (typeof scopes === 'object' && scopes !== null && Object.keys(scopes).length === 1) return scopes as Rule;
  throw new PothosSchemaError(`${nameOf(config)} has no rule: give it authScopes with exactly one key`);
}

function hasErrorUnion<Types extends SchemaTypes>(config: PothosOutputFieldConfig<Types>): boolean {
  return (config.pothosOptions as { errors?: unknown }).errors !== undefined;
}

function nameOf<Types extends SchemaTypes>(config: PothosOutputFieldConfig<Types>): string {
  return `${config.parentType}.${config.name}`;
}

SchemaBuilder.registerPlugin('rules', RulesPlugin);
