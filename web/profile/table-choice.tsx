import { Checkbox, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { describeFailure } from '../data/failure.ts';
import styles from '../person/person.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { TablesToNarrowQuery } from './documents.ts';

export interface ChosenTable {
  id: string;
  sqlName: string;
}

interface TableChoiceProps {
  /** Null: all. */
  chosen: readonly ChosenTable[] | null;
  error: string | undefined;
  onChoose: (chosen: readonly ChosenTable[] | null) => void;
}

/** Whether a token reads all tables that one may read, or which. */
export function TableChoice({ chosen, error, onChoose }: TableChoiceProps) {
  return (
    <>
      <Checkbox
        label="It reads only some of my tables"
        checked={chosen !== null}
        onChange={(event) => onChoose(event.currentTarget.checked ? [] : null)}
      />
      {chosen && <TablePicker chosen={chosen} error={error} onChoose={onChoose} />}
    </>
  );
}

function TablePicker({ chosen, error, onChoose }: TableChoiceProps & { chosen: readonly ChosenTable[] }) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, 200);
  const [{ data, error: failure }] = useQuery({ query: TablesToNarrowQuery, variables: { search } });
  const found = data?.tables?.edges.map(({ node }) => node) ?? [];
  const shown = [...chosen, ...found.filter(({ id }) => chosen.every((table) => table.id !== id))];
  return (
    <>
      <TextInput
        type="search"
        label="Find tables"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <RefusalText message={failure && describeFailure(failure).message} />
      <Checkbox.Group
        label="Tables that it reads"
        value={chosen.map(({ id }) => id)}
        error={error}
        errorProps={{ role: 'alert' }}
        onChange={(ids) => onChoose(shown.filter(({ id }) => ids.includes(id)))}
      >
        <div className={styles.choices}>
          {shown.length === 0 && (
            <span className={styles.detail}>No table that you may read has this in its name.</span>
          )}
          {shown.map(({ id, sqlName }) => (
            <Checkbox key={id} value={id} label={<bdi>{sqlName}</bdi>} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  );
}
