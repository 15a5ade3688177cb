import { Link } from '@tanstack/react-router';
import type { MetricSummary } from './documents.ts';
import styles from './metrics.module.css';

/** Metrics under the names of their categories. */
export function MetricList({ metrics }: { metrics: readonly MetricSummary[] }) {
  const categories = [...new Set(metrics.map(({ category }) => category))];
  return categories.map((category) => (
    <section key={category} aria-labelledby={`category-${category}`} className={styles.category}>
      <h2 id={`category-${category}`} className={styles.categoryName}>
        {category}
      </h2>
      <ul className={styles.list}>
        {metrics
          .filter((metric) => metric.category === category)
          .map((metric) => (
            <MetricItem key={metric.id} metric={metric} />
          ))}
      </ul>
    </section>
  ));
}

function MetricItem({ metric }: { metric: MetricSummary }) {
  const { category, name, displayName, description, type, unit, grain } = metric;
  return (
    <li data-metric={`${category}/${name}`}>
      <Link to="/metrics/$category/$name" params={{ category, name }} className={styles.link}>
        <bdi className={styles.name} title={displayName}>
          {displayName}
        </bdi>
        {description !== null && <bdi className={styles.description}>{description}</bdi>}
        <span className={styles.kind}>
          {[type, unit, grain]
            .filter((word) => word !== null)
            .map((word) => (
              <bdi key={word} title={word}>
                {word}
              </bdi>
            ))}
        </span>
      </Link>
    </li>
  );
}
