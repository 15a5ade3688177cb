import { Link } from '@tanstack/react-router';
import { formatCount } from '../format.ts';
import { RelativeTime } from '../relative-time.tsx';
import type { Freshness } from './documents.ts';
import styles from './home.module.css';

/** The tables whose rows changed last. */
export function ChangedTables({ tables }: { tables: Freshness['changedLast'] }) {
  if (tables.length === 0) return <p className={styles.oldest}>No table has rows here yet.</p>;
  return (
    <ul className={styles.rows} aria-label="Tables that changed last">
      {tables.map(({ id, sqlName, description, syncState: { lastChange, rows, status } }) => (
        <li key={id} data-changed={sqlName}>
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
              {status === 'RUNNING' ? 'running now' : lastChange !== null && <RelativeTime moment={lastChange} />}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
