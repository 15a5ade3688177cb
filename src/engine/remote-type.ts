import { isAbsolute } from 'node:path';
import { quoteIdentifier, quoteLiteral } from './identifier.ts';

/** A table that stays in its own system and is read there at the time of each statement. */
export interface RemoteTable {
  /** A key of `remoteTypes`. */
  type: string;
  /** Where the system is, in the form that its type demands; never with a secret in it. */
  url: string;
  /** The name of the environment variable that holds the secret; null where none is needed. */
  tokenEnv: string | null;
  schema: string;
  table: string;
}

/** The names under which one attachment stands in an instance. */
export interface AttachedNames {
  catalog: string;
  secret: string;
}

/** How a kind of system is attached. What is not listed in `remoteTypes` cannot be attached. */
export interface RemoteType {
  /** The extension that brings it, and where it is published; null: DuckDB has it built in. */
  extension: { name: string; publisher: 'core' | 'community' } | null;
  /** What is wrong with this url, as the end of a sentence; null: nothing. */
  faultOf(url: string): string | null;
  /** The file that the url names; null: it is reached over the network. */
  fileOf(url: string): string | null;
  /** The host to which the secret goes; null: there is no secret. */
  hostOf(url: string): string | null;
  /** Attaches it; the secret stands in none of these statements but the first. */
  statements(given: { url: string; token: string; names: AttachedNames }): string[];
}

const projectUrl = /^project=([a-z][a-z0-9-]{4,61}[a-z0-9])$/;

/**
 * The kinds of systems that may be attached: DuckDB's own files, and the two that extracts of the predecessor name. Each secret
 * is one of the extension's own secret types, so that it stands in no ATTACH.
 */
export const remoteTypes: Readonly<Record<string, RemoteType>> = {
  duckdb: {
    extension: null,
    faultOf: (url) => (isAbsolute(url) ? null : 'must be the absolute path of a DuckDB file'),
    fileOf: (url) => url,
    hostOf: () => null,
    statements: ({ url, names }) => [
      `ATTACH ${quoteLiteral(url)} AS ${quoteIdentifier(names.catalog)} (TYPE duckdb, READ_ONLY)`,
    ],
  },
  // Both as their pages in the list of DuckDB’s community extensions have it.
  keboola: {
    extension: { name: 'keboola', publisher: 'community' },
    faultOf: (url) => (isStackUrl(url) ? null : 'must be the https address of a Keboola stack and nothing more'),
    fileOf: () => null,
    hostOf: (url) => new URL(url).host,
    statements: ({ url, token, names }) => [
      `CREATE SECRET ${quoteIdentifier(names.secret)} (TYPE keboola, TOKEN ${quoteLiteral(token)}, URL ${quoteLiteral(url)})`,
      `ATTACH '' AS ${quoteIdentifier(names.catalog)} (TYPE keboola, SECRET ${quoteIdentifier(names.secret)}, READ_ONLY)`,
    ],
  },
  bigquery: {
    extension: { name: 'bigquery', publisher: 'community' },
    faultOf: (url) => (projectUrl.test(url) ? null : 'must be project=<project> and nothing more'),
    fileOf: () => null,
    hostOf: () => 'bigquery.googleapis.com',
    statements: ({ url, token, names }) => [
      `CREATE SECRET ${quoteIdentifier(names.secret)} (TYPE bigquery, SCOPE ${quoteLiteral(`bq://${projectUrl.exec(url)?.[1]}`)}, SERVICE_ACCOUNT_JSON ${quoteLiteral(token)})`,
      `ATTACH ${quoteLiteral(url)} AS ${quoteIdentifier(names.catalog)} (TYPE bigquery, READ_ONLY)`,
    ],
  },
};

/** The rule of a type; undefined for what cannot be attached. */
export function remoteTypeOf(type: string): RemoteType | undefined {
  return Object.hasOwn(remoteTypes, type) ? remoteTypes[type] : undefined;
}

function isStackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = !url.username && !url.password && !url.search && !url.hash && url.pathname === '/';
  return isPlain && url.protocol === 'https:';
}
