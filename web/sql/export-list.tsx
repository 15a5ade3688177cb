import { Anchor, Loader } from '@mantine/core';
import { formatBytes, formatCount } from '../format.ts';
import { FailureNotice } from '../notice.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { ExportFacts } from './documents.ts';
import styles from './sql.module.css';
import { isOpen, useExports } from './use-exports.ts';

/** This person's exports of the last day, each with its state and, once it is whole, its file; nothing where there is none. */
export function ExportList() {
  const { exports, error, refetch } = useExports();
  if (!exports) return error ? <FailureNotice error={error} what="The exports" retry={refetch} /> : null;
  if (exports.length === 0) return null;
  return (
    <section aria-labelledby="exports" className={styles.exports}>
      <h2 id="exports">Exports</h2>
      <ul aria-label="Exports">
        {exports.map((each) => (
          <li key={each.id} data-export={each.state}>
            <code className={styles.exported}>{each.statement.trim().slice(0, 400)}</code>
            <span className={styles.state} role="status">
              <ExportState facts={each} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ExportState({ facts }: { facts: ExportFacts }) {
  const { format, state, rows, sizeBytes, error, createdAt, expiresAt, url } = facts;
  if (isOpen(facts)) {
    return (
      <>
        <Loader size="1em" aria-hidden /> {format}, {state === 'QUEUED' ? 'waits for its turn' : 'is being written'}
      </>
    );
  }
  if (state === 'FAILED') return <span className={styles.failed}>{`${format}: ${error ?? 'It failed.'}`}</span>;
  return (
    <>
      {url === null ? (
        `${format}, gone`
      ) : (
        <Anchor href={hereOf(url)} download underline="always" inherit>
          Download {format}
        </Anchor>
      )}
      <span className={styles.when}>
        {rows !== null && `${formatCount(rows)} ${rows === '1' ? 'row' : 'rows'}, `}
        {sizeBytes !== null && `${formatBytes(sizeBytes)}, `}
        <RelativeTime moment={createdAt} />, gone <RelativeTime moment={expiresAt} />
      </span>
    </>
  );
}

/** The address at the host that the page came from: the public one may not be reachable from here. */
function hereOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
