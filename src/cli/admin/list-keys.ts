import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import type { FormatOptions } from '../output/format-options.ts';
import { printList } from '../output/print-rows.ts';

const SigningKeys = graphql(`
  query SigningKeys {
    signingKeys {
      keyId
      createdAt
    }
  }
`);

const columns = [
  { name: 'key_id', type: 'VARCHAR' },
  { name: 'created_at', type: 'VARCHAR' },
  { name: 'signs', type: 'BOOLEAN' },
];

/** Prints the signing keys, the one that signs first. */
export async function listKeys(options: GlobalOptions & FormatOptions): Promise<void> {
  const connection = await openConnection(options);
  const { signingKeys } = await request(connection, SigningKeys, {});
  const rows = (signingKeys ?? []).map(({ keyId, createdAt }, place) => [keyId, createdAt, place === 0]);
  printList({ columns, rows }, options);
}
