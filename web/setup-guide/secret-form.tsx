import { Button, Group } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Dialog } from '../dialog.tsx';
import styles from '../form.module.css';
import { PasswordField } from '../password-field.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { useInputMutation } from '../sign-in/use-input-mutation.ts';
import { SetSecretMutation, type Secrets } from './documents.ts';
import { RemoveSecret } from './remove-secret.tsx';
import { useFocusOnFault } from '../use-focus-on-fault.ts';

interface SecretFormProps {
  secret: Secrets[number];
  onDone: (announcement: string) => void;
}

/** Gives a secret its value, which nobody is shown again, and takes it away. */
export function SecretForm({ secret, onDone }: SecretFormProps) {
  const { name, isSet, fixedByEnvironment } = secret;
  const [removing, setRemoving] = useState(false);
  const [value, setValue] = useState('');
  const { send, refusal, sending } = useInputMutation(SetSecretMutation, ['value']);
  const form = useFocusOnFault(refusal);
  const isRemoved = useRef(false);
  // The button that had the focus goes along with the value.
  useEffect(() => {
    if (isSet || !isRemoved.current) return;
    isRemoved.current = false;
    form.current?.querySelector('input')?.focus();
  }, [isSet, form]);
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

  function removed(said: string): void {
    isRemoved.current = true;
    setRemoving(false);
    onDone(said);
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
      <Group gap="sm">
        <Button type="submit" variant={isSet ? 'default' : 'filled'} loading={sending}>
          {isSet ? 'Replace the secret' : 'Keep the secret'}
        </Button>
        {isSet && (
          <Button variant="default" aria-label={`Remove the secret ${name}`} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        )}
      </Group>
      <Dialog title="Remove the secret" opened={removing} onClose={() => setRemoving(false)}>
        <RemoveSecret secret={secret} onCancel={() => setRemoving(false)} onDone={removed} />
      </Dialog>
    </form>
  );
}
