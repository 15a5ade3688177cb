import { useState } from 'react';
import { Button } from '@mantine/core';
import { defaultChoice } from '../chart/chart-choice.ts';
import { ResultChart } from '../chart/result-chart.tsx';
import type { Result } from './documents.ts';
import { ResultSummary } from './result-summary.tsx';
import { ResultTable } from './result-table.tsx';
import styles from './results.module.css';

interface ResultViewProps {
  /** What the rows are: `The result`. */
  label: string;
  result: Result;
  /** Whether the chart is there from the start. */
  charted?: boolean;
}

/** What a statement answered: its facts, a chart where one can be drawn, and the rows. */
export function ResultView({ label, result, charted = false }: ResultViewProps) {
  const [drawn, setDrawn] = useState(charted);
  const choice = defaultChoice(result);
  return (
    <section aria-label={label} className={styles.view}>
      <div className={styles.bar}>
        <ResultSummary result={result} />
        {choice && (
          <Button variant="default" size="compact-sm" aria-expanded={drawn} onClick={() => setDrawn(!drawn)}>
            {drawn ? 'Hide the chart' : 'Draw a chart'}
          </Button>
        )}
      </div>
      {choice && drawn && <ResultChart result={result} initial={choice} />}
      <ResultTable label={label} columns={result.columns} rows={result.rows} />
    </section>
  );
}
