import type { GlobalOptions } from '../command.ts';
import { openConnection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { printData, printJson, printNotice } from '../output/streams.ts';
import { visible } from '../output/visible.ts';
import { noUser } from './find-user.ts';

const UserWithRoles = graphql(`
  query UserWithRoles($email: String!) {
    user(email: $email) {
      email
      active
      effectiveRoles {
        role {
          key
          displayName
        }
        via {
          grant {
            source
            grantedBy
            grantedAt
          }
          mapping {
            externalGroupId
            assignedBy
            assignedAt
          }
          roles {
            key
          }
        }
      }
    }
  }
`);

type Path = NonNullable<ResultOf<typeof UserWithRoles>['user']>['effectiveRoles'][number]['via'][number];

/** Prints each role in effect and every way in which the user comes to it. */
export async function showEffectiveRoles(email: string, options: GlobalOptions & { json?: true }): Promise<void> {
  const connection = await openConnection(options);
  const { user } = await request(connection, UserWithRoles, { email });
  if (!user) throw noUser(email);
  if (!user.active) printNotice(`${user.email} is deactivated, so no role counts.`);
  if (options.json) return printJson(user);
  const { effectiveRoles } = user;
  if (effectiveRoles.length === 0) printNotice(`${user.email} has no role.`);
  const branches = effectiveRoles.map(({ role, via }) => [
    role?.key ?? 'an unknown role',
    ...tree(via.map((path) => [describe(path)])),
  ]);
  printData([user.email, ...tree(branches)].map((line) => `${visible(line)}\n`).join(''));
}

/** `core.admin → core.analyst (direct, by boss@example.com, 2026-01-31)`, or `(group staff@example.com, by …)` */
function describe({ grant, mapping, roles }: Path): string {
  const from = [
    grant ? grant.source.toLowerCase().replace('_', '-') : `group ${mapping?.externalGroupId}`,
    byWhom(grant?.grantedBy ?? mapping?.assignedBy),
    (grant?.grantedAt ?? mapping?.assignedAt)?.slice(0, 10),
  ];
  return `${roles.map(({ key }) => key).join(' → ')} (${from.filter(Boolean).join(', ')})`;
}

function byWhom(email: string | null | undefined): string | null {
  return email ? `by ${email}` : null;
}

/** The lines of all branches under one trunk; a branch's first line is its name. */
function tree(branches: readonly (readonly string[])[]): string[] {
  return branches.flatMap((branch, index) => {
    const last = index === branches.length - 1;
    return branch.map((line, depth) => `${depth === 0 ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  '}${line}`);
  });
}
