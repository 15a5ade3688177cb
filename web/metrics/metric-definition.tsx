import type { ReactNode } from 'react';
import { PageLink } from '../frame/page-link.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { MetricFacts } from './documents.ts';
import styles from './metrics.module.css';

/** What a metric measures, and what to mind. */
export function MetricDefinition({ metric }: { metric: MetricFacts }) {
  const { description, notes, filters } = metric;
  return (
    <>
      {description !== null && (
        <p className={styles.meaning}>
          <bdi>{description}</bdi>
        </p>
      )}
      {notes.length > 0 && (
        <ul className={styles.notes} aria-label="What to mind">
          {notes.map((note) => (
            <li key={note}>
              <bdi>{note}</bdi>
            </li>
          ))}
        </ul>
      )}
      <dl className={styles.facts}>
        <Fact name="Unit">{metric.unit}</Fact>
        <Fact name="Measured">{metric.grain}</Fact>
        <Fact name="Type">{metric.type}</Fact>
        <Fact name="Time">{metric.timeColumn}</Fact>
        <Fact name="Dimensions">{inWords(metric.dimensions)}</Fact>
        <Fact name="Also called">{inWords(metric.synonyms)}</Fact>
        <Fact name="Changed">
          <RelativeTime moment={metric.updatedAt} />
        </Fact>
        <Fact name="Formula" wide>
          {metric.expression}
        </Fact>
        <Fact name="Only rows where" wide>
          {filters.length === 0 ? null : filters.map((filter) => <code key={filter}>{filter}</code>)}
        </Fact>
        <Fact name="Tables" wide>
          {metric.reads.length === 0 ? null : (
            <ul className={styles.tables} aria-label="Tables">
              {metric.reads.map(({ name, table }) => (
                <li key={`${name} ${table?.id}`}>
                  {table ? (
                    <PageLink
                      path="/tables/$sqlName"
                      params={{ sqlName: table.sqlName }}
                      otherwise={<bdi>{table.sqlName}</bdi>}
                    >
                      <bdi>{table.sqlName}</bdi>
                    </PageLink>
                  ) : (
                    <>
                      <bdi>{name}</bdi> <span className={styles.missing}>does not exist, or you may not read it</span>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Fact>
      </dl>
    </>
  );
}

/** Nothing where there is nothing to say. */
function Fact({ name, wide, children }: { name: string; wide?: boolean; children: ReactNode }) {
  if (children === null || children === '') return null;
  return (
    <div data-wide={wide}>
      <dt>{name}</dt>
      <dd>{typeof children === 'string' ? <bdi>{children}</bdi> : children}</dd>
    </div>
  );
}

function inWords(words: readonly string[]): string {
  return words.join(', ');
}
