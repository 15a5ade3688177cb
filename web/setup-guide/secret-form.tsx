import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import styles from '../form.module.css';
import { PasswordField } from '../password-field.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { SetSecretMutation, type Secrets } from './documents.ts';
import { useFocusOnFault } from './use-focus-on-fault.ts';

interface SecretFormProps {
  secret: Secrets[number];
  onDone: (announcement: string) => void;
}

/** Gives a secret its value, which nobody is shown again. */
export function SecretForm({ secret: { name, isSet, fixedByEnvironment }, onDone }: SecretFormProps) {
  const [value, setValue] = useState('');
  const { send, refusal, sending } = useInputMutation(SetSecretMutation, ['value']);
  const form = useFocusOnFault(refusal);
  if (fixedByEnvironment) {
    return (
      <p>
        The secret <code>{name}</code> is fixed by the environment of the server.
      </p>
    );
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!(await send({ name, value }))) return;
    setValue('');
    onDone(`The secret ${name} is set.`);
  }

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label={`Set the secret ${name}`}
      onSubmit={(event) => void submit(event)}
    >
      <PasswordField
        name={name}
        label={`Secret ${name}`}
        description={isSet ? 'It is set. What you enter takes its place.' : 'It is not set yet.'}
        autoComplete="new-password"
        value={value}
        error={refusal?.faults.value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <RefusalText message={refusal?.message} />
      <Button type="submit" variant={isSet ? 'default' : 'filled'} loading={sending}>
        Keep the secret
      </Button>
    </form>
  );
}
