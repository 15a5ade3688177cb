import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSession } from '../frame/session.ts';
import { ResultView } from '../results/result-view.tsx';
import { RunOutcome } from '../results/run-outcome.tsx';
import { useRun } from '../results/use-run.ts';
import { CutFields } from './cut-fields.tsx';
import type { MetricCut } from './cut-in-address.ts';
import { RunMetricQuery, type MetricFacts } from './documents.ts';
import styles from './metrics.module.css';

const rowLimit = 10_000;

interface MetricRunProps {
  metric: MetricFacts;
  /** What the fields hold at first; nothing is run by itself. */
  initial: MetricCut;
  /** Called with each cut that is run. */
  onCut: (cut: MetricCut) => void;
}

/** Runs a metric on the data, narrowed as somebody wants, and shows its numbers. */
export function MetricRun({ metric, initial, onCut }: MetricRunProps) {
  const { may } = useSession();
  const [cut, setCut] = useState(initial);
  const { run, start, cancel } = useRun(RunMetricQuery);
  if (!may('Query.runMetric')) return null;

  function startRun(event: FormEvent): void {
    event.preventDefault();
    const { variant, from, to, filters } = cut;
    onCut(cut);
    start({
      id: metric.id,
      variant: variant === '' ? null : variant,
      from: from === '' ? null : from,
      to: to === '' ? null : to,
      filters: filters.filter(({ values }) => values.length > 0),
      limit: rowLimit,
    });
  }

  return (
    <section aria-labelledby="numbers" className={styles.section}>
      <h2 id="numbers">Numbers</h2>
      <form className={styles.form} aria-label="Run the metric" onSubmit={startRun}>
        <CutFields metric={metric} cut={cut} onChange={setCut} />
        <div className={styles.submit}>
          {run.state === 'running' ? (
            // A key of its own, so that a second press of Enter does not cancel what the first began.
            <Button key="cancel" color="red.9" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button key="run" type="submit">
              Run
            </Button>
          )}
        </div>
      </form>
      <RunOutcome run={run}>
        {({ runMetric }, number) =>
          runMetric ? (
            <ResultView key={number} label="The numbers" result={runMetric} charted />
          ) : (
            <p role="alert">The metric is gone, or it reads a table that you may not read.</p>
          )
        }
      </RunOutcome>
    </section>
  );
}
