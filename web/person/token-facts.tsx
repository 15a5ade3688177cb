import { RelativeTime } from '../relative-time.tsx';
import type { Token } from './documents.ts';
import styles from './person.module.css';

/** What is known of a token: how it begins, what it gives up, when it was used and when it ends. */
export function TokenFacts({ token, now }: { token: Token; now: Date }) {
  return (
    <>
      <div className={styles.what}>
        <bdi className={styles.name} title={token.name}>
          {token.name}
        </bdi>
        <span className={styles.detail}>
          {token.prefix}…{describeNarrowing(token)}
        </span>
      </div>
      <div className={styles.ways}>
        made <RelativeTime moment={token.createdAt} />,{' '}
        {token.lastUsedAt === null ? (
          'never used'
        ) : (
          <>
            last used <RelativeTime moment={token.lastUsedAt} />
            {token.lastUsedAddress && (
              <>
                {' '}
                from <bdi>{token.lastUsedAddress}</bdi>
              </>
            )}
          </>
        )}
        , <End token={token} now={now} />
      </div>
    </>
  );
}

function End({ token: { revokedAt, expiresAt }, now }: { token: Token; now: Date }) {
  if (revokedAt !== null) {
    return (
      <>
        revoked <RelativeTime moment={revokedAt} />
      </>
    );
  }
  if (expiresAt === null) return <>has no end</>;
  return (
    <>
      {new Date(expiresAt) <= now ? 'ended' : 'ends'} <RelativeTime moment={expiresAt} />
    </>
  );
}

/** ` · only reads · 2 tables · core.viewer`; nothing when it gives up nothing. */
function describeNarrowing({ readOnly, tableIds, roleKeys }: Token): string {
  const parts = [
    readOnly && 'changes nothing',
    tableIds && (tableIds.length === 1 ? 'only 1 table' : `only ${tableIds.length} tables`),
    roleKeys && `only as ${roleKeys.join(', ')}`,
  ];
  return parts
    .filter(Boolean)
    .map((part) => ` · ${part}`)
    .join('');
}
