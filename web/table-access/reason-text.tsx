import { RolePath } from '../person/role-path.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { Reason } from './documents.ts';
import { GrantScope } from './grant-scope.tsx';

interface ReasonTextProps {
  reason: Reason;
  /** Whether to tell how the person came to the role, too. */
  withPaths?: boolean;
}

const sentences: Record<Exclude<Reason['kind'], 'GRANT'>, string> = {
  ADMINISTRATOR: 'Administrators read every table',
  PUBLIC: 'It is public',
  PRIVATE: 'It is private, and nothing allows it',
  NOT_ACTIVE: 'Who is deactivated reads nothing',
  NO_TABLE: 'The table is gone',
};

/** One thing that speaks for or against reading a table, in words. */
export function ReasonText({ reason, withPaths = false }: ReasonTextProps) {
  const { kind, effect, grant, role, expiresAt } = reason;
  const [path] = role?.via ?? [];
  return (
    <>
      {kind === 'GRANT' ? (
        <>
          {effect === 'ALLOW' ? 'Granted ' : 'Denied '}
          {grant && (
            <>
              on <GrantScope grant={grant} />{' '}
            </>
          )}
          {role ? (
            <>
              to the role <bdi title={role.role.key}>{role.role.displayName}</bdi>
            </>
          ) : (
            'to the person'
          )}
        </>
      ) : (
        sentences[kind]
      )}
      {expiresAt && (
        <>
          , ends <RelativeTime moment={expiresAt} />
        </>
      )}
      {withPaths && path && (
        <>
          {' '}
          (<RolePath path={path} />)
        </>
      )}
    </>
  );
}
