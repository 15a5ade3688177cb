import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ChoiceField } from './choice-field.tsx';
import { choicesAtOnce, searchMilliseconds } from './choices.ts';
import { TableChoicesQuery } from './documents.ts';

interface TableFieldProps {
  /** The SQL name of what is chosen. */
  chosen: string | null;
  onChoose: (sqlName: string | null) => void;
}

/** Finds a table. It asks the server when somebody comes to it. */
export function TableField({ chosen, onChoose }: TableFieldProps) {
  const [search, setSearch] = useState<string | null>();
  const [sought] = useDebouncedValue(search, searchMilliseconds);
  const [{ data, error }] = useQuery({
    query: TableChoicesQuery,
    variables: { search: sought ?? null, first: choicesAtOnce },
    pause: sought === undefined,
  });
  const tables = data?.tables?.edges.map(({ node }) => node) ?? [];
  return (
    <ChoiceField
      label="Table"
      placeholder="Search by name"
      choices={tables.map(({ id, sqlName, description }) => ({ id, name: sqlName, detail: description }))}
      chosen={chosen}
      error={error && 'The tables could not be searched.'}
      onSearch={setSearch}
      onChoose={(choice) => onChoose(choice?.name ?? null)}
    />
  );
}
