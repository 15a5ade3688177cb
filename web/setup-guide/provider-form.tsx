import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState, type ChangeEvent, type FormEvent } from 'react';
import styles from '../form.module.css';
import personStyles from '../person/person.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { ConfigureInstanceMutation, type Configuration, type Provider } from './documents.ts';
import { ownProviders, type ProviderInput } from './own-providers.ts';
import { splitList } from './split-list.ts';
import { useFocusOnFault } from '../use-focus-on-fault.ts';

const textFields = ['id', 'label', 'issuer', 'clientId', 'groupsClaim', 'allowedDomains'] as const;

type Field = (typeof textFields)[number];

interface ProviderFormProps {
  configuration: Configuration;
  /** The provider to change; absent: another one is added. */
  provider?: Provider;
  onDone: (announcement: string) => void;
}

/** Adds a provider, or changes one, once its issuer has answered. */
export function ProviderForm({ configuration, provider, onDone }: ProviderFormProps) {
  const [fields, setFields] = useState(() => readFields(provider));
  const [hasOwnDomains, setHasOwnDomains] = useState(provider?.hasOwnDomains ?? false);
  const ours = ownProviders(configuration);
  const place = provider ? ours.findIndex(({ id }) => id === provider.id) : ours.length;
  const pathOf = (field: Field) => `providers.${place}.${field}`;
  const { send, refusal, sending } = useInputMutation(ConfigureInstanceMutation, textFields.map(pathOf));
  const form = useFocusOnFault(refusal);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const { groupsClaim, allowedDomains, ...rest } = fields;
    const given: ProviderInput = {
      ...rest,
      clientSecretEnv: provider?.clientSecretEnv ?? `${fields.id.toUpperCase().replaceAll('-', '_')}_CLIENT_SECRET`,
      groupsClaim: groupsClaim.trim() || null,
      allowedDomains: hasOwnDomains ? splitList(allowedDomains) : null,
    };
    if (!(await send({ providers: ours.toSpliced(place, 1, given) }))) return;
    onDone(`The provider ${fields.label} is saved${provider ? '.' : '; give its secret now.'}`);
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
      className={provider ? personStyles.form : styles.form}
      noValidate
      aria-label={provider ? `Change the provider ${provider.label}` : 'Add a provider'}
      onSubmit={(event) => void submit(event)}
    >
      <TextInput {...bind('label')} label="Label" description="What the button calls it." />
      <TextInput
        {...bind('id')}
        label="Id"
        description={
          provider
            ? 'It stands in the redirect URI, so it stays.'
            : 'Lower-case letters, digits and hyphens. It stands in the redirect URI; it cannot be changed later.'
        }
        readOnly={provider !== undefined}
        spellCheck={false}
        autoCapitalize="none"
      />
      <TextInput
        {...bind('issuer')}
        label="Issuer"
        description={
          provider
            ? 'It is asked now. Another one needs its own secret: until that is given, the provider is closed.'
            : 'Such as https://login.example.com. It is asked now.'
        }
      />
      <TextInput {...bind('clientId')} label="Client id" />
      <TextInput {...bind('groupsClaim')} label="Groups claim" description="Empty: groups are not read." />
      <Checkbox
        label="It has its own list of allowed domains"
        description="Otherwise that of the instance counts."
        checked={hasOwnDomains}
        onChange={(event) => setHasOwnDomains(event.currentTarget.checked)}
      />
      {hasOwnDomains && (
        <TextInput
          {...bind('allowedDomains')}
          label="Its allowed e-mail domains"
          description="Separated by commas. Empty: nobody new comes in by it."
        />
      )}
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        {provider ? 'Check and save the provider' : 'Check and add the provider'}
      </Button>
    </form>
  );
}

function readFields(provider: Provider | undefined): Record<Field, string> {
  if (!provider) return { id: '', label: '', issuer: '', clientId: '', groupsClaim: '', allowedDomains: '' };
  const { id, label, issuer, clientId, groupsClaim, allowedDomains, hasOwnDomains } = provider;
  const own = hasOwnDomains ? allowedDomains.join(', ') : '';
  return { id, label, issuer, clientId, groupsClaim: groupsClaim ?? '', allowedDomains: own };
}
