import { Group, NativeSelect } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { ResultRows } from '../results/documents.ts';
import styles from './chart.module.css';
import { choicesFor, type ChartChoice } from './chart-choice.ts';
import { readChartData } from './chart-data.ts';
import { ChartPicture } from './chart-picture.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { describeLeftOut } from './describe-chart.ts';

interface ResultChartProps {
  result: ResultRows;
  /** What is drawn until somebody chooses something else. */
  initial: ChartChoice;
}

/** A chart of a result, whose columns and form can be chosen. */
export function ResultChart({ result, initial }: ResultChartProps) {
  const [choice, setChoice] = useState(initial);
  const { ref, width } = useElementSize();
  const data = useMemo(() => readChartData(result, choice), [result, choice]);
  const options = choicesFor(result.columns);
  const optionsOf = (indexes: readonly number[]) =>
    indexes.map((index) => ({ value: String(index), label: result.columns[index]?.name ?? '' }));
  const names = {
    x: result.columns[choice.x]?.name ?? '',
    y: result.columns[choice.y]?.name ?? '',
    split: choice.split === null ? null : (result.columns[choice.split]?.name ?? ''),
  };
  const remarks = describeLeftOut(data, names);
  return (
    <figure className={styles.figure}>
      <Group gap="sm" align="end" mb="sm">
        <NativeSelect
          size="xs"
          label="Form"
          value={choice.form}
          data={[
            { value: 'bar', label: 'Bars' },
            { value: 'line', label: 'Lines' },
          ]}
          onChange={({ currentTarget: { value } }) => setChoice({ ...choice, form: value === 'bar' ? 'bar' : 'line' })}
        />
        <NativeSelect
          size="xs"
          label="Over"
          value={String(choice.x)}
          data={optionsOf(options.x)}
          onChange={({ currentTarget: { value } }) => setChoice({ ...choice, x: Number(value) })}
        />
        <NativeSelect
          size="xs"
          label="Numbers"
          value={String(choice.y)}
          data={optionsOf(options.y)}
          onChange={({ currentTarget: { value } }) => setChoice({ ...choice, y: Number(value) })}
        />
        {options.split.length > 0 && (
          <NativeSelect
            size="xs"
            label="Split by"
            value={choice.split === null ? '' : String(choice.split)}
            data={[{ value: '', label: 'nothing' }, ...optionsOf(options.split)]}
            onChange={({ currentTarget: { value } }) =>
              setChoice({ ...choice, split: value === '' ? null : Number(value) })
            }
          />
        )}
      </Group>
      <div ref={ref} className={styles.picture}>
        {width > 0 && <ChartPicture data={data} form={choice.form} names={names} width={width} />}
      </div>
      {choice.split !== null && <ChartLegend series={data.series} form={choice.form} />}
      {remarks.length > 0 && <figcaption className={styles.remarks}>{remarks.join(' ')}</figcaption>}
    </figure>
  );
}
