import { Notice } from '../notice.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { OwnRequest as OwnRequestValue } from './documents.ts';

const titles: Record<OwnRequestValue['status'], string> = {
  PENDING: 'You have asked for this table',
  APPROVED: 'Your request was approved',
  DENIED: 'Your request was denied',
};

/** How far one's request for a table has come. */
export function OwnRequest({ request }: { request: OwnRequestValue }) {
  const { status, reason, requestedAt, decidedAt, decidedBy, note } = request;
  return (
    <Notice title={titles[status]}>
      <p>
        You asked <RelativeTime moment={requestedAt} />: <bdi>{reason}</bdi>
      </p>
      {status === 'PENDING' && <p>Nobody has decided yet. As soon as somebody lets you, the table appears here.</p>}
      {decidedAt !== null && (
        <p>
          Decided <RelativeTime moment={decidedAt} />
          {decidedBy !== null && (
            <>
              {' '}
              by <bdi>{decidedBy}</bdi>
            </>
          )}
          {note !== null && (
            <>
              : <bdi>{note}</bdi>
            </>
          )}
        </p>
      )}
      {status === 'APPROVED' && <p>What was given has ended.</p>}
    </Notice>
  );
}
