import { Button, Group, NativeSelect, Select } from '@mantine/core';
import { useQuery } from 'urql';
import { RunFiltersQuery } from './documents.ts';
import type { RunListPlace } from './run-place.ts';
import { runStateNames, runStates } from './run-states.ts';

const tablesOffered = 50;

interface RunFiltersProps {
  place: RunListPlace;
  onPlace: (place: RunListPlace) => void;
}

/** Narrows the runs to a source, a state and a table. */
export function RunFilters({ place, onPlace }: RunFiltersProps) {
  const [{ data }] = useQuery({ query: RunFiltersQuery });
  const sources = data?.sources ?? [];
  const tables = sources
    .filter(({ name }) => place.source === null || name === place.source)
    .flatMap((source) => source.tables);
  const filter = (change: Partial<RunListPlace>) => onPlace({ ...place, ...change, after: null });
  return (
    <Group mb="md" gap="sm" align="flex-end">
      <NativeSelect
        label="Source"
        value={place.source ?? ''}
        data={[
          { value: '', label: 'All sources' },
          ...withChosen(
            sources.map(({ name }) => name),
            place.source,
          ),
        ]}
        onChange={(event) => filter({ source: event.currentTarget.value || null, table: null })}
      />
      <NativeSelect
        label="State"
        value={place.state ?? ''}
        data={[
          { value: '', label: 'Every state' },
          ...runStates.map((value) => ({ value, label: runStateNames[value] })),
        ]}
        onChange={(event) => filter({ state: runStates.find((state) => state === event.currentTarget.value) ?? null })}
      />
      <Select
        label="Table"
        placeholder="All tables"
        w="18rem"
        maw="100%"
        searchable
        limit={tablesOffered}
        nothingFoundMessage="No table is called so."
        value={place.table}
        data={withChosenTable(
          tables.map(({ id, sqlName }) => ({ value: id.slice('Table:'.length), label: sqlName })),
          place.table,
        )}
        onChange={(table) => filter({ table })}
      />
      {(place.source !== null || place.state !== null || place.table !== null) && (
        <Button variant="subtle" onClick={() => filter({ source: null, state: null, table: null })}>
          Show all runs
        </Button>
      )}
    </Group>
  );
}

/** The address may name what is gone by now. */
function withChosen(names: readonly string[], chosen: string | null): readonly string[] {
  return chosen === null || names.includes(chosen) ? names : [...names, chosen];
}

function withChosenTable(options: readonly { value: string; label: string }[], chosen: string | null) {
  if (chosen === null || options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: 'a table that is gone' }];
}
