import styles from './audit.module.css';

/** What an event tells besides, name by name; what is nested stands as indented JSON. */
export function DetailList({ details }: { details: unknown }) {
  const entries = isRecord(details) ? Object.entries(details) : [['details', details] as const];
  if (entries.length === 0) return <p className={styles.nothing}>It tells nothing more.</p>;
  return (
    <dl className={styles.facts} data-details="">
      {entries.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <DetailValue name={name} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function DetailValue({ name, value }: { name: string; value: unknown }) {
  if (value === null || value === '')
    return <span className={styles.nothing}>{value === null ? 'none' : 'empty'}</span>;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return value.length === 0 ? (
      <span className={styles.nothing}>none</span>
    ) : (
      <ul className={styles.values}>
        {value.map((item, index) => (
          <li key={index}>
            <bdi>{String(item)}</bdi>
          </li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'object') {
    return (
      <pre className={styles.json} role="region" aria-label={name} tabIndex={0}>
        {JSON.stringify(value, null, 2)}
      </pre>
    );
  }
  return <bdi className={styles.text}>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
