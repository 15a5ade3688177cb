import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { columnList } from './column-list.ts';
import { readJsonObject } from './json-object.ts';

const RegisterTable = graphql(`
  mutation RegisterTable($input: RegisterTableInput!) {
    registerTable(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on RegisterTablePayload {
        table {
          id
          sqlName
          alias
          source
          name
          isPublic
        }
      }
    }
  }
`);

export interface RegisterTableOptions extends GlobalOptions {
  readonly options: string;
  readonly sqlName?: string;
  readonly alias?: string;
  readonly bucket?: string;
  readonly description?: string;
  readonly primaryKey?: string;
  readonly schedule?: string;
  readonly watermarkColumn?: string;
  readonly atSource?: true;
  readonly public?: true;
  readonly json?: true;
}

/** Registers one relation of a source as a table. */
export async function registerTable(
  given: { source: string; name: string },
  options: RegisterTableOptions,
): Promise<void> {
  const { sqlName, alias, bucket, description, primaryKey, schedule, watermarkColumn } = options;
  const input = {
    ...given,
    sqlName,
    alias,
    bucket,
    description,
    schedule,
    watermarkColumn,
    queryMode: options.atSource ? ('REMOTE' as const) : undefined,
    isPublic: options.public ?? false,
    primaryKey: primaryKey === undefined ? undefined : columnList(primaryKey),
    options: await readJsonObject(options.options, '--options'),
  };
  const result = await request(await openConnection(options), RegisterTable, { input });
  const { table } = payloadOf(result.registerTable, 'RegisterTablePayload');
  if (options.json) printJson(table);
  else
    printNotice(
      `${table.sqlName} is registered; \`da sync start ${table.source}\` brings its ${options.atSource ? 'columns' : 'rows'}.`,
    );
}
