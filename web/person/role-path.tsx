import { RelativeTime } from '../relative-time.tsx';
import { RoleNames } from '../roles/role-names.tsx';
import type { RolePath as RolePathValue } from './documents.ts';

/** One way to a role, in words: what gave it, and through which roles. */
export function RolePath({ path: { grant, mapping, roles } }: { path: RolePathValue }) {
  const through = roles.slice(0, -1);
  return (
    <>
      {grant && <GrantOrigin grant={grant} />}
      {mapping && (
        <>
          by the group <bdi>{mapping.externalGroupId}</bdi>
        </>
      )}
      {through.length > 0 && (
        <>
          , through <RoleNames roles={through} />
        </>
      )}
    </>
  );
}

function GrantOrigin({ grant: { source, grantedBy, expiresAt } }: { grant: NonNullable<RolePathValue['grant']> }) {
  return (
    <>
      {source === 'AUTO_SEED' && 'given when the user was made'}
      {source === 'SYSTEM' && 'given by Agnes'}
      {source === 'DIRECT' && (
        <>
          given by <bdi>{grantedBy ?? 'somebody who is gone'}</bdi>
        </>
      )}
      {expiresAt && (
        <>
          , ends <RelativeTime moment={expiresAt} />
        </>
      )}
    </>
  );
}
