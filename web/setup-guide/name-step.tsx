import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import styles from '../form.module.css';
import { ConfigureInstanceMutation, type Configuration } from './documents.ts';
import { splitList } from './split-list.ts';
import { useFocusOnFault } from '../use-focus-on-fault.ts';

interface NameStepProps {
  configuration: Configuration;
  onDone: (announcement: string) => void;
}

/** What the instance is called, and from which domains people may come in by a provider. */
export function NameStep({ configuration, onDone }: NameStepProps) {
  const { nameFixedBy, allowedDomainsFixedBy } = configuration;
  const [name, setName] = useState(configuration.name);
  const [domains, setDomains] = useState(configuration.allowedDomains.join(', '));
  const { send, refusal, sending } = useInputMutation(ConfigureInstanceMutation, ['name', 'allowedDomains']);
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const input = {
      ...(nameFixedBy === null && { name }),
      ...(allowedDomainsFixedBy === null && { allowedDomains: splitList(domains) }),
    };
    if (await send(input)) onDone('The name and the domains are saved.');
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name of this instance"
        description={nameFixedBy ? `Fixed by ${nameFixedBy}.` : 'Stands at the top of every page.'}
        readOnly={nameFixedBy !== null}
        value={name}
        error={refusal?.faults.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Allowed e-mail domains"
        description={
          allowedDomainsFixedBy
            ? `Fixed by ${allowedDomainsFixedBy}.`
            : 'Whose people may come in for the first time by a provider, separated by commas. Empty: nobody new.'
        }
        readOnly={allowedDomainsFixedBy !== null}
        value={domains}
        error={refusal?.faults.allowedDomains}
        onChange={(event) => setDomains(event.currentTarget.value)}
      />
      <RefusalText message={refusal?.message} />
      {(nameFixedBy === null || allowedDomainsFixedBy === null) && (
        <Button type="submit" loading={sending}>
          Save the name and the domains
        </Button>
      )}
    </form>
  );
}
