import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../form.module.css';
import { useSession } from '../frame/session.ts';
import { QueryView } from '../query-view.tsx';
import { SecretForm } from '../setup-guide/secret-form.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useFocusOnFault } from '../use-focus-on-fault.ts';
import { ConfigInputs } from './config-inputs.tsx';
import { ConnectorsQuery, UpdateSourceMutation, type SourceDetails } from './documents.ts';
import own from './sources.module.css';
import { useConfigForm } from './use-config-form.ts';

interface ConfigurationSectionProps {
  source: SourceDetails;
  onDone: (announcement: string) => void;
}

/** How a source is reached, to be changed; its secrets can be given and are never shown. */
export function ConfigurationSection({ source, onDone }: ConfigurationSectionProps) {
  return (
    <QueryView query={ConnectorsQuery} variables={{}} what="The connectors">
      {({ connectors, instance }) => {
        const connector = connectors?.find(({ kind }) => kind === source.connector);
        const secrets = instance?.secrets?.filter(({ name }) => connector?.secrets.includes(name)) ?? [];
        return (
          <div className={own.creating}>
            <ConfigForm key={source.id} source={source} schema={connector?.configSchema} onDone={onDone} />
            {secrets.map((secret) => (
              <SecretForm key={secret.name} secret={secret} onDone={onDone} />
            ))}
          </div>
        );
      }}
    </QueryView>
  );
}

function ConfigForm({ source, schema, onDone }: ConfigurationSectionProps & { schema: unknown }) {
  const { may } = useSession();
  const config = useConfigForm(schema, source.config as Record<string, unknown>);
  const { send, refusal, sending } = useChange(UpdateSourceMutation, config.fields.map(config.pathOf));
  const [isSaved, setIsSaved] = useState(false);
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setIsSaved(false);
    const given = config.read();
    if (given === null || !(await send({ id: source.id, config: given }))) return;
    setIsSaved(true);
    onDone(`The configuration of ${source.name} is saved.`);
  }

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="Configuration"
      onSubmit={(event) => void submit(event)}
    >
      <p className={own.hint}>
        The connector reaches the system with this before it is kept. The tables keep their rows until the next sync.
      </p>
      <ConfigInputs form={config} faults={refusal?.faults} />
      <RefusalText message={refusal?.message} />
      {isSaved && !sending && <p className={own.good}>Saved: the source was reached with it.</p>}
      {may('Mutation.updateSource') && (
        <Button type="submit" loading={sending}>
          Check and save
        </Button>
      )}
    </form>
  );
}
