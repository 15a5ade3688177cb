import { RelativeTime } from '../relative-time.tsx';
import type { ReadableTable } from './documents.ts';

/** Why somebody may read a table, in words; the reason that decides. */
export function AccessReason({ reasons: [reason] }: Pick<ReadableTable, 'reasons'>) {
  if (!reason) return null;
  const { kind, role, expiresAt } = reason;
  return (
    <>
      {kind === 'ADMINISTRATOR' && 'administrators read every table'}
      {kind === 'PUBLIC' && 'it is public'}
      {kind === 'GRANT' && !role && 'granted to the person'}
      {kind === 'GRANT' && role && (
        <>
          granted to the role <bdi title={role.role.key}>{role.role.displayName}</bdi>
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
