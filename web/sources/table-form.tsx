import { Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core';
import { useState, type ChangeEvent, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../person/person.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useFocusOnFault } from '../use-focus-on-fault.ts';
import { UpdateTableMutation, type TableSettings } from './documents.ts';
import { ScheduleField } from './schedule-field.tsx';
import own from './sources.module.css';
import { changesOf, typeTable, type TypedTable } from './table-changes.ts';

const fieldNames = [
  'description',
  'schedule',
  'isPublic',
  'primaryKey',
  'watermarkColumn',
  'sqlName',
  'alias',
  'bucket',
  'options',
] as const;

const queryModes: Readonly<Record<TableSettings['queryMode'], string>> = {
  LOCAL: 'Its rows are kept here: a sync copies them.',
  REMOTE: 'Its rows stay at the source, where each statement reads them.',
  MATERIALIZED: 'Its rows are kept here: a sync writes the result of its statement.',
};

interface TableFormProps {
  table: TableSettings;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Changes what is typed anew of a table. */
export function TableForm({ table, onCancel, onDone }: TableFormProps) {
  const [before] = useState(() => typeTable(table));
  const [typed, setTyped] = useState(before);
  const [optionsFault, setOptionsFault] = useState<string | null>(null);
  const { send, refusal, sending } = useChange(UpdateTableMutation, fieldNames);
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const changes = changesOf(before, typed);
    setOptionsFault(changes ? null : 'This is not a JSON object.');
    if (!changes) return;
    const done = await send({ id: table.id, ...changes });
    if (!done) return;
    const later =
      'optionsChanged' in done && done.optionsChanged ? ' Its rows are the old ones until the next sync.' : '';
    onDone(`${table.sqlName} is changed.${later}`);
  }

  function bind(field: Exclude<keyof TypedTable, 'isPublic'>) {
    return {
      value: typed[field],
      error: refusal?.faults[field],
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        setTyped({ ...typed, [field]: event.currentTarget.value }),
    };
  }

  const columns = table.columns.map(({ name }) => name).join(', ');
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="Change the table"
      onSubmit={(event) => void submit(event)}
    >
      <Textarea {...bind('description')} label="Description" description="What its rows are." autosize maxRows={8} />
      <ScheduleField
        value={typed.schedule}
        error={refusal?.faults.schedule}
        onChange={(schedule) => setTyped({ ...typed, schedule })}
      />
      <Checkbox
        label="Everybody who is signed in may read it"
        description="Otherwise only who has a grant."
        checked={typed.isPublic}
        onChange={(event) => setTyped({ ...typed, isPublic: event.currentTarget.checked })}
      />
      <TextInput
        {...bind('primaryKey')}
        label="Primary key"
        description="The columns that tell rows apart, separated by commas."
        spellCheck={false}
      />
      <TextInput
        {...bind('watermarkColumn')}
        label="Watermark"
        description="A column that grows with each new or changed row: a sync takes only newer rows. Empty: all rows each time."
        spellCheck={false}
      />
      {columns !== '' && (
        <p className={own.columns}>
          Its columns: <bdi>{columns}</bdi>.
        </p>
      )}
      <p className={own.columns}>{queryModes[table.queryMode]}</p>
      <TextInput
        {...bind('sqlName')}
        label="Name in statements"
        description="Statements with the old name fail from then on."
        spellCheck={false}
      />
      <Group grow align="flex-start">
        <TextInput {...bind('alias')} label="Alias" description="A further, bare name." spellCheck={false} />
        <TextInput {...bind('bucket')} label="Bucket" description="Its group at the source." spellCheck={false} />
      </Group>
      <Textarea
        {...bind('options')}
        error={optionsFault ?? refusal?.faults.options}
        label="Options, as JSON"
        description="What the connector needs to find and read it; see its README."
        autosize
        maxRows={12}
        spellCheck={false}
        classNames={{ input: own.code }}
      />
      <RefusalText message={refusal?.message} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={sending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
