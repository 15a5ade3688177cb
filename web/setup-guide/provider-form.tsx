import { Button, TextInput } from '@mantine/core';
import { useState, type ChangeEvent, type FormEvent } from 'react';
import styles from '../form.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { ConfigureInstanceMutation, type Configuration } from './documents.ts';
import { useFocusOnFault } from './use-focus-on-fault.ts';

const fieldNames = ['id', 'label', 'issuer', 'clientId', 'groupsClaim'] as const;

type Field = (typeof fieldNames)[number];

interface ProviderFormProps {
  configuration: Configuration;
  onDone: (announcement: string) => void;
}

/** Adds a provider once its issuer has answered. */
export function ProviderForm({ configuration, onDone }: ProviderFormProps) {
  const [fields, setFields] = useState<Record<Field, string>>({
    id: '',
    label: '',
    issuer: '',
    clientId: '',
    groupsClaim: '',
  });
  const ours = configuration.providers.filter(({ fixedBy }) => fixedBy === null);
  const pathOf = (field: Field) => `providers.${ours.length}.${field}`;
  const { send, refusal, sending } = useInputMutation(ConfigureInstanceMutation, fieldNames.map(pathOf));
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { groupsClaim, ...rest } = fields;
    const clientSecretEnv = `${fields.id.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`;
    const added = { ...rest, clientSecretEnv, groupsClaim: groupsClaim.trim() || null };
    const kept = ours.map(({ id, label, issuer, clientId, clientSecretEnv: secret, ...more }) => ({
      id,
      label,
      issuer,
      clientId,
      clientSecretEnv: secret,
      groupsClaim: more.groupsClaim,
      allowedDomains: more.hasOwnDomains ? more.allowedDomains : null,
    }));
    if (await send({ providers: [...kept, added] })) {
      onDone(`The provider ${fields.label} is saved; give its secret now.`);
    }
  }

  function bind(field: Field) {
    return {
      name: field,
      value: fields[field],
      error: refusal?.faults[pathOf(field)],
      onChange: (event: ChangeEvent<HTMLInputElement>) => setFields({ ...fields, [field]: event.currentTarget.value }),
    };
  }

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="Add a provider"
      onSubmit={(event) => void submit(event)}
    >
      <TextInput {...bind('label')} label="Label" description="What the button calls it." />
      <TextInput
        {...bind('id')}
        label="Id"
        description="Lower-case letters, digits and hyphens. It stands in the redirect URI; it cannot be changed later."
        spellCheck={false}
        autoCapitalize="none"
      />
      <TextInput {...bind('issuer')} label="Issuer" description="Such as https://login.example.com. It is asked now." />
      <TextInput {...bind('clientId')} label="Client id" />
      <TextInput {...bind('groupsClaim')} label="Groups claim" description="Empty: groups are not read." />
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        Check and add the provider
      </Button>
    </form>
  );
}
