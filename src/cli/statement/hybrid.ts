import { payloadOf } from '../connection/answer.ts';
import type { Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printNotice } from '../output/streams.ts';
import type { AskedStatement } from './ask-statement.ts';

const HybridSql = graphql(`
  mutation HybridSql($input: HybridSqlInput!) {
    hybridSql(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
      ... on HybridSqlPayload {
        result {
          columns {
            name
            type
          }
          rows
          truncated
          rowCount
        }
        remotes {
          alias
          source
          rows
          bytesBilled
        }
      }
    }
  }
`);

type Payload = Extract<NonNullable<ResultOf<typeof HybridSql>['hybridSql']>, { __typename: 'HybridSqlPayload' }>;

/** Runs a statement with its remotes on the server; what each took is told on stderr. */
export async function runHybrid(
  connection: Connection,
  asked: AskedStatement & { limit: number; source?: string; maxBytesBilled?: string },
): Promise<Payload['result']> {
  const { statement, limit, source, maxBytesBilled } = asked;
  const remotes = asked.remotes.map((remote) => ({ ...remote, source }));
  printNotice(`Reading ${remotes.map(({ alias }) => alias).join(', ')} …`);
  const answer = await request(connection, HybridSql, { input: { statement, limit, remotes, maxBytesBilled } });
  const payload = payloadOf(answer.hybridSql, 'HybridSqlPayload');
  for (const remote of payload.remotes) {
    const billed = remote.bytesBilled === null ? '' : `, ${remote.bytesBilled} bytes billed`;
    printNotice(`${remote.alias}: ${remote.rows ?? 'no'} rows from ${remote.source}${billed}`);
  }
  return payload.result;
}
