import type { TableSummary } from './documents.ts';
import styles from './tables.module.css';

/** What a table is made of: its description, its source, its other name, its columns, and the whole of its last error. */
export function TableDetails({ table }: { table: TableSummary }) {
  const { sqlName, source, description, alias, columns, primaryKey, syncState } = table;
  return (
    <div className={styles.details} role="region" aria-label={`About ${sqlName}`} tabIndex={0}>
      {description && (
        <p>
          <bdi>{description}</bdi>
        </p>
      )}
      <p className={styles.subtitle}>
        From the source <bdi>{source}</bdi>
        {alias && (
          <>
            ; in statements also <code>{alias}</code>
          </>
        )}
      </p>
      {syncState.error && (
        <p className={styles.error}>
          <bdi>{syncState.error}</bdi>
        </p>
      )}
      {columns.length === 0 ? (
        <p>The columns are known after the first sync.</p>
      ) : (
        <ul className={styles.columns} aria-label="Columns">
          {columns.map(({ name, type, description: told }) => (
            <li key={name}>
              <bdi className={styles.columnName}>{name}</bdi>
              <span className={styles.columnType}>
                {type}
                {primaryKey.includes(name) && ' · key'}
              </span>
              {told && (
                <bdi className={styles.columnMeaning} title={told}>
                  {told}
                </bdi>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
