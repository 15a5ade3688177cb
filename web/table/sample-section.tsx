import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import { describeFailure } from '../data/failure.ts';
import type { SampleRows, TableFacts } from './documents.ts';
import { isNumeric, sampleColumnLimit, sampleRowLimit, sampleStatement, sampleText } from './sample-statement.ts';
import { Section } from './section.tsx';
import styles from './table.module.css';
import { useSampleRows } from './use-sample-rows.ts';

/** Some rows of a table. Where each statement asks another system, which may charge for it, only when somebody wants them. */
export function SampleSection({ table }: { table: TableFacts }) {
  const { queryMode, columns, syncState, version } = table;
  const [asked, setAsked] = useState(false);
  const isRemote = queryMode === 'REMOTE';
  const hasRows = columns.length > 0 && (isRemote || syncState.lastSync !== null);
  const wanted = hasRows && (asked || !isRemote);
  const { sample, retry } = useSampleRows({
    statement: sampleStatement(table),
    contents: wanted ? (version ?? 'at the source') : null,
  });
  if (!hasRows) {
    return (
      <Section title="Rows">
        <p className={styles.plain}>There are rows to see after the first sync.</p>
      </Section>
    );
  }
  return (
    <Section title="Rows">
      {!wanted && (
        <>
          <p className={styles.plain}>
            The rows stay at their source. Reading some asks that system, which may charge for it.
          </p>
          <Button variant="default" onClick={() => setAsked(true)}>
            Show {sampleRowLimit} rows
          </Button>
        </>
      )}
      {sample.state === 'loading' && <Loader size="sm" aria-label="Loading some rows" role="status" />}
      {sample.state === 'failed' && (
        <div role="alert">
          <p className={styles.failure}>The rows could not be read. {describeFailure(sample.error).message}</p>
          <Button variant="default" onClick={retry}>
            Read them again
          </Button>
        </div>
      )}
      {sample.state === 'there' && <Rows rows={sample.rows} allColumns={columns.length} />}
    </Section>
  );
}

function Rows({ rows: { columns, rows }, allColumns }: { rows: SampleRows; allColumns: number }) {
  if (rows.length === 0) return <p className={styles.plain}>The table has no row.</p>;
  return (
    <>
      <div className={styles.scroller} role="region" aria-label="Some rows of the table" tabIndex={0}>
        <table className={styles.sample}>
          <thead>
            <tr>
              {columns.map(({ name, type }) => (
                <th key={name} scope="col" data-numeric={isNumeric(type)}>
                  <bdi title={name}>{name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              // A sample has no order and no key; it is replaced as a whole.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={place}>
                {columns.map(({ name, type }, index) => (
                  <td key={name} data-numeric={isNumeric(type)}>
                    <Cell text={sampleText(row[index])} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>
        {rows.length === sampleRowLimit ? `${sampleRowLimit} rows, in no order.` : 'All rows, in no order.'}
        {allColumns > sampleColumnLimit && ` The first ${sampleColumnLimit} of ${allColumns} columns.`}
      </p>
    </>
  );
}

function Cell({ text }: { text: string | null }) {
  if (text === null) return <span className={styles.none}>NULL</span>;
  return (
    <bdi className={styles.cell} title={text}>
      {text}
    </bdi>
  );
}
