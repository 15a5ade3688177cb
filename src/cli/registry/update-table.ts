import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { columnList } from './column-list.ts';
import { findTable } from './find-table.ts';
import { readJsonObject } from './json-object.ts';

const UpdateTable = graphql(`
  mutation UpdateTable($input: UpdateTableInput!) {
    updateTable(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on UpdateTablePayload {
        optionsChanged
        table {
          id
          sqlName
          alias
          bucket
          description
          isPublic
          primaryKey
          options
        }
      }
    }
  }
`);

export interface UpdateTableOptions extends GlobalOptions {
  readonly sqlName?: string;
  readonly alias?: string;
  readonly bucket?: string;
  readonly description?: string;
  readonly primaryKey?: string;
  readonly schedule?: string;
  readonly watermarkColumn?: string;
  readonly options?: string;
  readonly public?: true;
  readonly private?: true;
  readonly clear?: readonly string[];
  readonly json?: true;
}

/** Changes what is given of a table and leaves the rest. */
export async function updateTable(sqlName: string, options: UpdateTableOptions): Promise<void> {
  const changes = await changesIn(options);
  const connection = await openConnection(options);
  const { id } = await findTable(connection, sqlName);
  const result = await request(connection, UpdateTable, { input: { id, ...changes } });
  const { table, optionsChanged } = payloadOf(result.updateTable, 'UpdateTablePayload');
  if (options.json) return printJson({ ...table, optionsChanged });
  printNotice(`${table.sqlName} is changed.`);
  if (optionsChanged) printNotice('It keeps the rows that it has until the next sync.');
}

async function changesIn(options: UpdateTableOptions) {
  const cleared = new Set<string>(options.clear);
  return {
    sqlName: options.sqlName,
    alias: cleared.has('alias') ? null : options.alias,
    bucket: cleared.has('bucket') ? null : options.bucket,
    description: cleared.has('description') ? null : options.description,
    primaryKey: cleared.has('primary-key')
      ? null
      : options.primaryKey === undefined
        ? undefined
        : columnList(options.primaryKey),
    schedule: cleared.has('schedule') ? null : options.schedule,
    watermarkColumn: cleared.has('watermark-column') ? null : options.watermarkColumn,
    isPublic: options.public ? true : options.private ? false : undefined,
    options: options.options === undefined ? undefined : await readJsonObject(options.options, '--options'),
  };
}
