import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../form.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useFocusOnFault } from '../use-focus-on-fault.ts';
import { ConfigInputs } from './config-inputs.tsx';
import { CreateSourceMutation, type Connector } from './documents.ts';
import { useConfigForm } from './use-config-form.ts';

interface SourceFormProps {
  connector: Connector;
  onDone: (name: string) => void;
}

/** Names and configures a source of one connector, which reaches the system before the source is kept. */
export function SourceForm({ connector, onDone }: SourceFormProps) {
  const [name, setName] = useState('');
  const config = useConfigForm(connector.configSchema);
  const { send, refusal, sending } = useChange(CreateSourceMutation, ['name', ...config.fields.map(config.pathOf)]);
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const given = config.read();
    if (given !== null && (await send({ name, connector: connector.kind, config: given }))) onDone(name);
  }

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="Connect a source"
      onSubmit={(event) => void submit(event)}
    >
      <TextInput
        label="Name of the source"
        description="A lower-case word; the first part of the names of its tables, such as shop in shop.orders."
        spellCheck={false}
        autoCapitalize="none"
        value={name}
        error={refusal?.faults['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ConfigInputs form={config} faults={refusal?.faults} />
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        Check and connect the source
      </Button>
    </form>
  );
}
