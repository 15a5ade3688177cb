import { Button, TextInput } from '@mantine/core';
import { useRef, useState, type ChangeEvent, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import styles from '../form.module.css';
import { PasswordField } from '../password-field.tsx';
import {
  emptySetupFields,
  findSetupFaults,
  shortestPassword,
  type SetupFaults,
  type SetupFields,
} from './setup-fields.ts';
import { useCompleteSetup } from './use-complete-setup.ts';

/** Every field is needed, so none is marked as such. */
const needed = { required: true, withAsterisk: false };

const made = { autoComplete: 'new-password' } as const;

/** Asks for the first administrator. */
export function SetupForm({ secret }: { secret: string }) {
  const [fields, setFields] = useState<SetupFields>(emptySetupFields);
  const [ownFaults, setOwnFaults] = useState<SetupFaults>({});
  const { send, refusal, sending } = useCompleteSetup(secret);
  const form = useRef<HTMLFormElement>(null);
  const faults = { ...refusal?.faults, ...ownFaults };

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = findSetupFaults(fields);
    flushSync(() => setOwnFaults(found));
    if (Object.keys(found).length === 0) void send(fields);
    else form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  }

  function bind(name: keyof SetupFields) {
    return {
      name,
      value: fields[name],
      error: faults[name],
      onChange: (event: ChangeEvent<HTMLInputElement>) => setFields({ ...fields, [name]: event.currentTarget.value }),
    };
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={submit}>
      <p>You become the first administrator. Everybody else is added by you later.</p>
      <TextInput {...bind('email')} {...needed} type="email" label="E-mail address" autoComplete="username" />
      <TextInput {...bind('name')} {...needed} label="Your name" autoComplete="name" />
      <PasswordField
        {...bind('password')}
        {...made}
        label="Password"
        description={`At least ${shortestPassword} characters.`}
      />
      <PasswordField {...bind('repeatedPassword')} {...made} label="The same password again" />
      {refusal?.message && (
        <p className={styles.refusal} role="alert">
          {refusal.message}
        </p>
      )}
      <Button type="submit" loading={sending}>
        Create the administrator
      </Button>
    </form>
  );
}
