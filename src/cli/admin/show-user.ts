import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printData, printJson } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { noUser } from './find-user.ts';
import { describeRemoval, readRemoval } from './removal.ts';

const UserToShow = graphql(`
  query UserToShow($email: String!) {
    user(email: $email) {
      id
      email
      name
      active
      createdAt
      lastSeenAt
      effectiveRoles {
        role {
          key
        }
      }
      tokens {
        id
        name
        prefix
        createdAt
        expiresAt
        revokedAt
        lastUsedAt
        lastUsedAddress
      }
    }
  }
`);

/** Prints who the user is, and what would go along with a deletion. */
export async function showUser(email: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { user } = await request(connection, UserToShow, { email });
  if (!user) throw noUser(email);
  const removal = await readRemoval(connection, user.id);
  if (options.json) return printJson({ ...user, removal });
  const live = user.tokens?.filter(({ revokedAt }) => revokedAt === null) ?? [];
  const lines = [
    ['email', user.email],
    ['name', user.name ?? ''],
    ['active', user.active ? 'yes' : 'no'],
    ['roles', user.effectiveRoles.flatMap(({ role }) => role?.key ?? []).join(', ') || 'none'],
    ['tokens', live.map((token) => `${token.name} (${token.prefix}…)`).join(', ') || 'none'],
    ['created', user.createdAt],
    ['last seen', user.lastSeenAt ?? 'never'],
    ['deletion takes', describeRemoval(removal)],
  ];
  printData(
    lines.map(([label = '', value = '']) => `${`${label}:`.padEnd(15)} ${visible(value)}`.trimEnd() + '\n').join(''),
  );
}
