import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../data/use-change.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { ExportSqlMutation } from './documents.ts';
import styles from './sql.module.css';

const formats = { CSV: 'CSV', PARQUET: 'Parquet', NDJSON: 'NDJSON' } as const;

/** Writes the whole result of the statement to a file, which then stands in the list of exports. */
export function ExportForm({ statement }: { statement: string }) {
  const { send, refusal, sending } = useChange(ExportSqlMutation);
  const [format, setFormat] = useState<keyof typeof formats>('CSV');
  return (
    <div className={styles.export} role="group" aria-label="Export">
      <NativeSelect
        size="sm"
        aria-label="Format of the file"
        value={format}
        data={Object.entries(formats).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget: { value } }) => value in formats && setFormat(value as keyof typeof formats)}
      />
      <Button
        variant="default"
        loading={sending}
        disabled={statement.trim() === ''}
        onClick={() => void send({ statement, format })}
      >
        Export
      </Button>
      <RefusalText message={refusal?.message} />
    </div>
  );
}
