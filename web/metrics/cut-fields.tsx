import { CloseButton, NativeSelect, TagsInput, TextInput } from '@mantine/core';
import type { MetricCut } from './cut-in-address.ts';
import type { MetricFacts } from './documents.ts';
import styles from './metrics.module.css';

interface CutFieldsProps {
  metric: MetricFacts;
  cut: MetricCut;
  onChange: (cut: MetricCut) => void;
}

/** Which statement of the metric is run, and over which rows. */
export function CutFields({ metric, cut, onChange }: CutFieldsProps) {
  const { sqlVariants, timeColumn, dimensions } = metric;
  const free = dimensions.filter((name) => cut.filters.every(({ dimension }) => dimension !== name));
  const change = (part: Partial<MetricCut>) => onChange({ ...cut, ...part });
  return (
    <>
      {sqlVariants.length > 0 && (
        <NativeSelect
          label="Variant"
          value={cut.variant}
          data={[{ value: '', label: 'Canonical' }, ...sqlVariants.map(({ name }) => name)]}
          onChange={({ currentTarget: { value } }) => change({ variant: value })}
        />
      )}
      {timeColumn !== null && (
        <>
          <TextInput
            type="date"
            label="From"
            value={cut.from}
            onChange={({ currentTarget: { value } }) => change({ from: value })}
          />
          <TextInput
            type="date"
            label="Before"
            value={cut.to}
            onChange={({ currentTarget: { value } }) => change({ to: value })}
          />
        </>
      )}
      {free.length > 0 && (
        <NativeSelect
          label="Narrow by"
          value=""
          data={[{ value: '', label: 'Choose a dimension' }, ...free]}
          onChange={({ currentTarget: { value } }) =>
            value !== '' && change({ filters: [...cut.filters, { dimension: value, values: [] }] })
          }
        />
      )}
      {cut.filters.map(({ dimension, values }) => (
        <div key={dimension} className={styles.filter}>
          <TagsInput
            label={dimension}
            description="Enter adds a value; rows with any of them are kept."
            value={values}
            splitChars={[]}
            acceptValueOnBlur
            comboboxProps={{ withinPortal: false }}
            onChange={(chosen) =>
              change({
                filters: cut.filters.map((filter) =>
                  filter.dimension === dimension ? { dimension, values: chosen } : filter,
                ),
              })
            }
          />
          <CloseButton
            aria-label={`Do not narrow by ${dimension}`}
            onClick={() => change({ filters: cut.filters.filter((filter) => filter.dimension !== dimension) })}
          />
        </div>
      ))}
    </>
  );
}
