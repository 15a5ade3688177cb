import { FailureNotice } from '../notice.tsx';
import { SourceCard } from './source-card.tsx';
import styles from './tables.module.css';
import { useSources } from './use-sources.ts';

/** The configured sources, for those who administer them. */
export function SourceBar() {
  const { sources, error, refetch } = useSources();
  if (!sources) return error ? <FailureNotice error={error} what="The sources" retry={refetch} /> : null;
  if (sources.length === 0) return null;
  return (
    <section aria-label="Sources">
      <ul className={styles.sources}>
        {sources.map(({ source, running }) => (
          <SourceCard key={source.id} source={source} running={running} />
        ))}
      </ul>
    </section>
  );
}
