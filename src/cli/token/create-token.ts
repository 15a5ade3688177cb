import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { findTable } from '../registry/find-table.ts';
import { printData, printJson, printNotice } from '../output/streams.ts';

const CreateToken = graphql(`
  mutation CreateToken($input: CreateTokenInput!) {
    createToken(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on CreateTokenPayload {
        secret
        token {
          id
          name
          expiresAt
          readOnly
          tableIds
          roleKeys
        }
      }
    }
  }
`);

interface TokenOptions {
  readonly expiresInDays?: number;
  readonly never?: true;
  readonly readOnly?: true;
  /** SQL names. */
  readonly table?: string[];
  readonly role?: string[];
}

/** Makes a token for whoever is signed in; its secret, and nothing else, goes to stdout. */
export async function createToken(
  name: string,
  options: GlobalOptions & TokenOptions & { json?: true },
): Promise<void> {
  const connection = await openConnection(options);
  const tableIds: string[] = [];
  for (const sqlName of options.table ?? []) tableIds.push((await findTable(connection, sqlName)).id);
  const input = {
    name,
    expiresInDays: options.never ? null : options.expiresInDays,
    readOnly: options.readOnly,
    roleKeys: options.role,
    tableIds: options.table && tableIds,
  };
  const { secret, token } = payloadOf(
    (await request(connection, CreateToken, { input })).createToken,
    'CreateTokenPayload',
  );
  if (options.json) return printJson({ ...token, secret });
  printNotice(`The token ${token.name} is shown this once; it ends on ${token.expiresAt?.slice(0, 10) ?? 'no day'}.`);
  printData(`${secret}\n`);
}
