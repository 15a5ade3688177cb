import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { offeredTables } from './offered-tables.ts';

const RegisterTables = graphql(`
  mutation RegisterTables($input: RegisterTablesInput!) {
    registerTables(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on RegisterTablesPayload {
        tables {
          id
          sqlName
          name
        }
      }
    }
  }
`);

/** Registers all that a source offers, or one bucket of it, and that no table reads yet, under the names that the server suggests. */
export async function registerOfferedTables(
  source: string,
  options: GlobalOptions & { bucket?: string; public?: true; atSource?: true; json?: true },
): Promise<void> {
  const connection = await openConnection(options);
  const all = await offeredTables(connection, source);
  const offered = options.bucket === undefined ? all : all.filter(({ bucket }) => bucket === options.bucket);
  if (offered.length === 0 && options.bucket !== undefined)
    throw failed(
      `${source} offers nothing in the bucket ${options.bucket}; \`da admin table discover ${source}\` shows what it offers.`,
    );
  const tables = offered
    .filter(({ registered }) => registered.length === 0)
    .map(({ name, description, bucket, primaryKey, options: tableOptions }) => {
      const queryMode = options.atSource ? ('REMOTE' as const) : undefined;
      const isPublic = options.public ?? false;
      return { name, description, bucket, primaryKey, options: tableOptions, isPublic, queryMode };
    });
  const registered = tables.length === 0 ? [] : await register(connection, { source, tables });
  if (options.json) return printJson(registered);
  const names = registered.map(({ sqlName }) => sqlName).join(', ');
  if (names === '')
    printNotice(
      `All that ${source} offers${options.bucket === undefined ? '' : ` in ${options.bucket}`} is registered already.`,
    );
  else
    printNotice(
      `Registered ${names}; \`da sync start ${source}\` brings ${options.atSource ? 'their columns' : 'the rows'}.`,
    );
}

/** Registers relations of a source as tables, all or none. */
export async function register(
  connection: Connection,
  input: { source: string; tables: { name: string; description?: string | null; options: unknown }[] },
) {
  const result = await request(connection, RegisterTables, { input });
  return payloadOf(result.registerTables, 'RegisterTablesPayload').tables;
}
