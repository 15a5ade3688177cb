import styles from './sync-runs.module.css';

const mostItems = 50;

/** JSON as people read it: names with their values, lists as lists; a long list is cut with how many follow. */
export function ReportView({ value }: { value: unknown }) {
  if (Array.isArray(value)) return <Items items={value} />;
  if (typeof value === 'object' && value !== null) return <Entries entries={Object.entries(value)} />;
  return <bdi>{value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)}</bdi>;
}

function Items({ items }: { items: readonly unknown[] }) {
  if (items.length === 0) return <>none</>;
  return (
    <ul>
      {items.slice(0, mostItems).map((item, place) => (
        <li key={place}>
          <ReportView value={item} />
        </li>
      ))}
      {items.length > mostItems && <li>and {items.length - mostItems} more</li>}
    </ul>
  );
}

function Entries({ entries }: { entries: readonly [string, unknown][] }) {
  if (entries.length === 0) return <>nothing</>;
  return (
    <dl className={styles.entries}>
      {entries.slice(0, mostItems).map(([name, value]) => (
        <div key={name}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <ReportView value={value} />
          </dd>
        </div>
      ))}
      {entries.length > mostItems && (
        <div>
          <dt>further</dt>
          <dd>{entries.length - mostItems} more</dd>
        </div>
      )}
    </dl>
  );
}
