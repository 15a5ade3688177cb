import {
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
import { codedError, withCode } from './coded-error.ts';
import { documentLimits, OperationSizeRule } from './document-limits.ts';

/** A document that keeps the limits and fits the schema, and the operation that the caller chose in it. */
export interface ValidDocument {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Why a document is refused: at least one error, each with a code that callers may rely on. */
export interface RefusedDocument {
  readonly errors: readonly GraphQLError[];
}

/** Our own validation rules, for whoever validates without `parseAndValidate`. They run before those of the specification. */
export const limitRules: readonly ValidationRule[] = [OperationSizeRule];

/** Documents whose texts together stay below this many characters are kept, so that memory stays bounded. */
const keptCharacters = 1_000_000;

const cacheOf = new WeakMap<GraphQLSchema, DocumentCache>();

/**
 * The document of `text` with the operation named `operationName` (needed only when there are several), or errors with the
 * codes `GRAPHQL_PARSE_FAILED`, `TOKEN_LIMIT`, `DEPTH_LIMIT`, `ALIAS_LIMIT`, `ROOT_FIELD_LIMIT`, `DIRECTIVE_LIMIT`,
 * `GRAPHQL_VALIDATION_FAILED` and `OPERATION_RESOLUTION_FAILURE`.
 */
export function parseAndValidate(
  schema: GraphQLSchema,
  text: string,
  operationName?: string | null,
): ValidDocument | RefusedDocument {
  let cache = cacheOf.get(schema);
  if (!cache) cacheOf.set(schema, (cache = new DocumentCache()));
  let checked = cache.get(text);
  if (!checked) cache.set(text, (checked = check(schema, text)));
  return 'errors' in checked ? checked : chooseOperation(checked, operationName);
}

/** Parses within the token limit; throws a `GraphQLError` with `GRAPHQL_PARSE_FAILED` or `TOKEN_LIMIT`. */
export function parseWithinLimits(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: documentLimits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (!/ more that? \d+ tokens/.test(error.message)) throw withCode(error, 'GRAPHQL_PARSE_FAILED');
    throw codedError('TOKEN_LIMIT', `The document has more than ${documentLimits.tokens} tokens.`);
  }
}

function check(schema: GraphQLSchema, text: string): DocumentNode | RefusedDocument {
  try {
    const document = parseWithinLimits(text);
    const tooLarge = validate(schema, document, limitRules);
    const errors = tooLarge.length > 0 ? tooLarge : validate(schema, document, specifiedRules, { maxErrors: 20 });
    return errors.length > 0 ? { errors: errors.map(asValidationError) } : document;
  } catch (error) {
    // Some rules of the specification throw instead of reporting, for instance on `@skip` with a variable at a root.
    if (error instanceof GraphQLError) return { errors: [asValidationError(error)] };
    throw error;
  }
}

function asValidationError(error: GraphQLError): GraphQLError {
  return withCode(error, 'GRAPHQL_VALIDATION_FAILED');
}

function chooseOperation(document: DocumentNode, operationName?: string | null): ValidDocument | RefusedDocument {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const named = operationName ? operations.filter(({ name }) => name?.value === operationName) : operations;
  const [operation, second] = named;
  if (operation && !second) return { document, operation };
  const message = operationName
    ? `The document has no operation named ${JSON.stringify(operationName)}.`
    : `The document has ${operations.length} operations: choose one by operationName.`;
  return { errors: [codedError('OPERATION_RESOLUTION_FAILURE', message)] };
}

/** Keeps the most recently used documents. */
class DocumentCache {
  readonly #entries = new Map<string, DocumentNode | RefusedDocument>();
  #characters = 0;

  get(text: string): DocumentNode | RefusedDocument | undefined {
    const entry = this.#entries.get(text);
    if (!entry) return undefined;
    this.#entries.delete(text);
    this.#entries.set(text, entry);
    return entry;
  }

  set(text: string, entry: DocumentNode | RefusedDocument): void {
    this.#entries.set(text, entry);
    this.#characters += text.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#characters <= keptCharacters) return;
      this.#entries.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
