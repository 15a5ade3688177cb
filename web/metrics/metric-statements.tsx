import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CopyableCode } from '../copyable-code.tsx';
import { useSession } from '../frame/session.ts';
import { searchFor } from '../sql/statement-in-address.ts';
import type { MetricFacts } from './documents.ts';
import styles from './metrics.module.css';

/** The canonical statement and its variants, to be copied or opened in the editor. */
export function MetricStatements({ metric: { sql, sqlVariants } }: { metric: MetricFacts }) {
  return (
    <section aria-labelledby="statements" className={styles.section}>
      <h2 id="statements">SQL</h2>
      <Statement title="Canonical" sql={sql} />
      {sqlVariants.map((variant) => (
        <Statement key={variant.name} title={variant.name} sql={variant.sql} />
      ))}
    </section>
  );
}

function Statement({ title, sql }: { title: string; sql: string }) {
  const { may } = useSession();
  const search = searchFor(sql);
  return (
    <div className={styles.statement}>
      <div className={styles.statementHead}>
        <h3>{title}</h3>
        {may('Query.sql') && search.statement !== undefined && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Open in SQL: ${title}`}
            renderRoot={(props) => <Link {...props} to="/sql" search={search} />}
          >
            Open in SQL
          </Button>
        )}
      </div>
      <CopyableCode label={title} text={sql.trim()} />
    </div>
  );
}
