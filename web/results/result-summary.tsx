import { formatDuration } from '../duration.ts';
import { formatCount } from '../format.ts';
import { RelativeTime } from '../relative-time.tsx';
import type { Result } from './documents.ts';
import styles from './results.module.css';

const versionLetters = 12;

/** How many rows there are, how long they took, whether there are more, and which state of which tables they are of. */
export function ResultSummary({ result }: { result: Result }) {
  const { rowCount, elapsedMs, truncated, reads } = result;
  return (
    <div className={styles.summary}>
      <p role="status">
        <strong>{rowCount === 1 ? '1 row' : `${formatCount(String(rowCount))} rows`}</strong> in{' '}
        {formatDuration(elapsedMs)}
        {truncated && (
          <span className={styles.cut}>
            There are more rows; these are the first. Ask for more, or export the whole result.
          </span>
        )}
      </p>
      {reads.length > 0 && (
        <ul className={styles.reads} aria-label="Tables read">
          {reads.map(({ sqlName, version, publishedAt }) => (
            <li key={sqlName}>
              <bdi>{sqlName}</bdi>
              {version === null ? (
                ', read at its source'
              ) : (
                <>
                  , version <code title={version}>{version.slice(0, versionLetters)}</code>
                  {publishedAt !== null && (
                    <>
                      , published <RelativeTime moment={publishedAt} />
                    </>
                  )}
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
