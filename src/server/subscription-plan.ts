import {
  getArgumentValues,
  getVariableValues,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { unstorable } from '../../schema/storable-arguments.ts';
import type { StoredEvent } from '../store/store.ts';
import { codedError, withCode } from './coded-error.ts';
import { reachesPersonalFields } from './personal-fields.ts';

/** What a field of the type `Subscription` says in `extensions.subscription`; its `resolve` gets the payload with `seq` and `at` as parent. */
export interface SubscriptionSource {
  readonly topic: string;
  /** Whether the principal of `context` may be told of `event` at all; called for each event, with the arguments. */
  visible(event: StoredEvent, args: Record<string, unknown>, context: unknown): boolean;
}

/** A subscription as a client asks for it: a document that `parseAndValidate` accepted, and what goes with it. */
export interface SubscriptionRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  /** The id of the last event as the transport tells it; counts more than the argument `after`. */
  readonly lastEventId?: string | undefined;
}

/** Everything about a subscription that does not depend on who asks. Equal `channelKey`: the same for everyone. */
export interface SubscriptionPlan extends SubscriptionRequest {
  readonly channelKey: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly source: SubscriptionSource;
  readonly args: Record<string, unknown>;
  /** Whether the root field has the argument `after`: its events have ids, and one can go on behind any of them. */
  readonly resumable: boolean;
  /** The number of the event to go on behind; null: from the next one on. */
  readonly after: number | null;
  /** Whether the result depends on which user asks, beyond roles and readable tables. */
  readonly personal: boolean;
}

/** Works out a subscription; errors when the variables do not fit or the root field is not one that can be listened to. */
export function planSubscription(
  schema: GraphQLSchema,
  request: SubscriptionRequest,
): SubscriptionPlan | { errors: readonly GraphQLError[] } {
  const { document, operation, variables } = request;
  const node = rootField(document, operation.selectionSet);
  const field = node && schema.getSubscriptionType()?.getFields()[node.name.value];
  const source = field?.extensions['subscription'] as SubscriptionSource | undefined;
  if (!node || !field || !source) {
    const message = 'A subscription selects one field, directly or in a fragment, without @skip or @include.';
    return { errors: [codedError('GRAPHQL_VALIDATION_FAILED', message, operation)] };
  }
  const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, { maxErrors: 10 });
  if (given.errors) return { errors: given.errors.map((error) => withCode(error, 'BAD_USER_INPUT')) };
  const args = getArgumentValues(field, node, given.coerced);
  const refusal = unstorable(args);
  if (refusal) return { errors: [refusal] };
  const resumable = field.args.some(({ name }) => name === 'after');
  const after = resumable ? readAfter(request.lastEventId || (args['after'] as string | null | undefined)) : null;
  if (after instanceof GraphQLError) return { errors: [after] };
  return {
    ...request,
    channelKey: channelKey(request, afterVariable(document, node)),
    field,
    source,
    args,
    resumable,
    after,
    personal: reachesPersonalFields(schema, document),
  };
}

function rootField(document: DocumentNode, selectionSet: SelectionSetNode): FieldNode | undefined {
  for (const selection of selectionSet.selections) {
    if (selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) continue;
    if (selection.kind === 'Field') return selection;
    const inner = selection.kind === 'InlineFragment' ? selection : fragment(document, selection.name.value);
    const found = inner && rootField(document, inner.selectionSet);
    if (found) return found;
  }
  return undefined;
}

function fragment(document: DocumentNode, name: string): { selectionSet: SelectionSetNode } | undefined {
  return document.definitions.find(
    (definition) => definition.kind === 'FragmentDefinition' && definition.name.value === name,
  ) as { selectionSet: SelectionSetNode } | undefined;
}

function readAfter(id: string | null | undefined): number | null | GraphQLError {
  if (id === undefined || id === null) return null;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  return codedError('BAD_USER_INPUT', '`after` is not the id of an event; take the `id` of the last one that came.');
}

/** The variable that says where to begin, unless the document uses it elsewhere too: the results do not depend on it. */
function afterVariable(document: DocumentNode, node: FieldNode): string | null {
  const value = node.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (value?.kind !== 'Variable') return null;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void (uses += name.value === value.name.value ? 1 : 0),
  });
  return uses === 1 ? value.name.value : null;
}

/** Only declared variables count, as they came: JSON, with the keys of objects in order. */
function channelKey({ document, operation, variables }: SubscriptionRequest, ignored: string | null): string {
  const declared = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value).toSorted();
  const counting = declared.filter((name) => name !== ignored && variables?.[name] !== undefined);
  const values = counting.map((name) => [name, variables?.[name]]);
  const text = document.loc?.source.body ?? print(document);
  return JSON.stringify([text, operation.name?.value, values], (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
