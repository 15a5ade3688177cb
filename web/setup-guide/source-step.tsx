import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import styles from '../form.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { ConfigInput } from './config-input.tsx';
import { readConfig, readConfigFields, type ConfigField } from './config-schema.ts';
import { CreateSourceMutation, type Connector, type GuideSource, type Secrets } from './documents.ts';
import { SecretForm } from './secret-form.tsx';
import { useFocusOnFault } from './use-focus-on-fault.ts';

interface SourceStepProps {
  connectors: readonly Connector[];
  secrets: Secrets;
  sources: readonly GuideSource[];
  onDone: (announcement: string) => void;
}

/** Connects a source: a connector is chosen, its secrets are given, and it checks that it reaches the system. */
export function SourceStep({ connectors, secrets, sources, onDone }: SourceStepProps) {
  const [kind, setKind] = useState(connectors.some((each) => each.kind === 'files') ? 'files' : connectors[0]?.kind);
  const connector = connectors.find((each) => each.kind === kind);
  return (
    <>
      {sources.length > 0 && (
        <p>
          Connected: <bdi>{sources.map(({ name, connector: by }) => `${name} (${by})`).join(', ')}</bdi>.
        </p>
      )}
      <NativeSelect
        label="Connector"
        description="The kind of system."
        maw="28rem"
        mb="md"
        value={kind}
        data={connectors.map((each) => each.kind)}
        onChange={(event) => setKind(event.currentTarget.value)}
      />
      {connector && (
        <>
          {secrets
            .filter(({ name }) => connector.secrets.includes(name))
            .map((secret) => (
              <SecretForm key={secret.name} secret={secret} onDone={onDone} />
            ))}
          <SourceForm key={`${connector.kind} ${sources.length}`} connector={connector} onDone={onDone} />
        </>
      )}
    </>
  );
}

/** Stands for the whole configuration where its schema is no list of fields. */
const wholeConfig: ConfigField = {
  name: 'config',
  kind: 'json',
  description: 'What the connector needs; see its README.',
  required: true,
  choices: [],
};

function SourceForm({ connector, onDone }: { connector: Connector; onDone: (announcement: string) => void }) {
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [ownFaults, setOwnFaults] = useState<Record<string, string>>({});
  const known = readConfigFields(connector.configSchema);
  const fields = known ?? [wholeConfig];
  const pathOf = (field: ConfigField) => (known ? `config.${field.name}` : 'config');
  const paths = ['name', ...fields.map(pathOf)];
  const { send, refusal, sending } = useInputMutation(CreateSourceMutation, paths);
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { config, faults } = readConfig(fields, typed);
    setOwnFaults(faults);
    if (Object.keys(faults).length > 0) return;
    const input = { name, connector: connector.kind, config: known ? config : config['config'] };
    if (await send(input)) onDone(`The source ${name} is connected.`);
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
      {fields.map((field) => (
        <ConfigInput
          key={field.name}
          field={field}
          value={typed[field.name] ?? ''}
          error={ownFaults[field.name] ?? refusal?.faults[pathOf(field)]}
          onChange={(value) => setTyped({ ...typed, [field.name]: value })}
        />
      ))}
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        Check and connect the source
      </Button>
    </form>
  );
}
