import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Failure {
  readonly code: string;
  /** The class's doc comment. */
  readonly meaning: string;
  readonly visible: boolean;
}

/** Codes that are given where they arise, without a class. Printing fails when the code knows one that is not here. */
const plainCodes: Record<string, string> = {
  ALIAS_LIMIT: 'The document has too many aliases.',
  BAD_USER_INPUT: 'The variables do not fit the document.',
  DEPTH_LIMIT: 'The document nests too many levels of fields.',
  DIRECTIVE_LIMIT: 'The document has too many directives.',
  EVENTS_LOST: 'The server could not deliver every event; subscribe again and read the current state.',
  FORBIDDEN: 'The caller lacks the role in `requiredRole`, or sends a cookie where a token is needed.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  INTERNAL_SERVER_ERROR: 'Something unexpected; tell the operator the `requestId`, under which the log has the cause.',
  METHOD_NOT_ALLOWED: '`sql` runs by POST only.',
  OPERATION_RESOLUTION_FAILURE: 'The document has several operations and `operationName` names none of them.',
  ROOT_FIELD_LIMIT: 'The document asks for too many root fields.',
  STREAM_NEEDED: 'A subscription was asked for in a way that can answer only once; use a WebSocket or an event stream.',
  TIMEOUT: 'The operation took too long and was given up.',
  TOKEN_LIMIT: 'The document is too long.',
  TOO_MANY_OPERATIONS: 'One connection runs too many operations at a time.',
  TOO_SLOW:
    'A subscriber read more slowly than events came, and was cut off; `resumeAfter` is what to give as `after`.',
  UNAUTHENTICATED: 'Nobody is signed in, or the credential is not valid.',
};

/** `docs/errors.md`: every stable code with its meaning, read from the sources. */
export function errorsPage(root: string): string {
  const sources = readSources(root);
  const classes = sources.flatMap(failuresIn).toSorted((left, right) => (left.code < right.code ? -1 : 1));
  const ofClasses = new Set(classes.map(({ code }) => code));
  const plain = plainCodesIn(sources).filter((code) => !ofClasses.has(code));
  return [
    '# Errors',
    '',
    'Every failure has a stable `code`; the message is one sentence for a person and may change. Expected failures of a mutation',
    'are members of its result union; every other answer carries the code in `errors[].extensions.code`.',
    '',
    '## What a caller may see',
    '',
    ...table(classes.filter(({ visible }) => visible).map(({ code, meaning }) => [code, meaning])),
    '',
    '## What the door, the document limits and the subscriptions answer',
    '',
    ...table(plain.map((code) => [code, meaningOf(code)])),
    '',
    '## What only the operator sees, at start and in the log',
    '',
    ...table(classes.filter(({ visible }) => !visible).map(({ code, meaning }) => [code, meaning])),
    '',
  ].join('\n');
}

function readSources(root: string): string[] {
  return ['src', 'schema'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file) && !/^(build|cli)\//.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );
}

function failuresIn(source: string): Failure[] {
  const pattern =
    /(\/\*\*(?:(?!\*\/)[^])*\*\/)?\s*export class \w+ extends (\w+) \{(?:(?!\n\})[^])*?readonly code = '(\w+)'/g;
  return [...source.matchAll(pattern)].map(([, comment = '', base = '', code = '']) => ({
    code,
    meaning: plainText(comment),
    visible: base === 'Failure',
  }));
}

function plainText(comment: string): string {
  const words = comment.replaceAll(/^\s*\/?\*+\/?|\*\/$/gm, ' ').replaceAll(/\s+/g, ' ');
  return words.trim().replaceAll('|', '\\|');
}

function plainCodesIn(sources: readonly string[]): string[] {
  const found = sources.flatMap((source) =>
    [...source.matchAll(/(?<!readonly )\bcode: '([A-Z_]+)'|(?:codedError|withCode)\([^']*'([A-Z_]+)'/g)].map(
      ([, key, call]) => key ?? call ?? '',
    ),
  );
  return [...new Set(found)].toSorted();
}

function meaningOf(code: string): string {
  const meaning = plainCodes[code];
  if (meaning === undefined) throw new Error(`say what the code ${code} means in src/build/errors-page.ts`);
  return meaning;
}

function table(rows: readonly (readonly string[])[]): string[] {
  return ['| code | means |', '|---|---|', ...rows.map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)];
}
