import { Link } from '@tanstack/react-router';
import { formatCount } from '../format.ts';
import { RelativeTime } from '../relative-time.tsx';
import type { Freshness } from './documents.ts';
import styles from './home.module.css';

/** The tables whose rows were published last. */
export function NewestTables({ tables }: { tables: Freshness['newest'] }) {
  if (tables.length === 0) return <p className={styles.oldest}>No table has rows here yet.</p>;
  return (
    <ul className={styles.rows} aria-label="Tables that were synced last">
      {tables.map(({ id, sqlName, description, syncState: { lastSync, rows, status } }) => (
        <li key={id} data-newest={sqlName}>
          <div className={styles.what}>
            <Link to="/tables/$sqlName" params={{ sqlName }} className={styles.name} title={sqlName}>
              <bdi>{sqlName}</bdi>
            </Link>
            {description !== null && (
              <bdi className={styles.detail} title={description}>
                {description}
              </bdi>
            )}
          </div>
          <span className={styles.when}>
            {rows !== null && `${formatCount(rows)} ${rows === '1' ? 'row' : 'rows'}`}
            <span className={styles.detail}>
              {status === 'RUNNING' ? 'running now' : lastSync !== null && <RelativeTime moment={lastSync} />}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
