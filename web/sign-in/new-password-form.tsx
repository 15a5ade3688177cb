import { Button, TextInput } from '@mantine/core';
import { useRef, useState, type ChangeEvent, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import type { Refusal } from '../data/refusal.ts';
import styles from '../form.module.css';
import { PasswordField } from '../password-field.tsx';
import { shortestPassword } from '../setup/setup-fields.ts';
import { RefusalText } from './refusal-text.tsx';

/** What the form asks for. */
interface NewPasswordFields {
  name: string;
  password: string;
  repeatedPassword: string;
}

type Faults = Partial<Record<keyof NewPasswordFields, string>>;

interface NewPasswordFormProps {
  /** Whether the person may say what they are called, too. */
  asksName?: boolean;
  refusal: Refusal<'name' | 'password'> | null;
  sending: boolean;
  onSend: (chosen: { name: string; password: string }) => void;
  children: string;
}

const made = { autoComplete: 'new-password' } as const;

/** Asks for a new password, twice; `children` is what the button says. */
export function NewPasswordForm({ asksName = false, refusal, sending, onSend, children }: NewPasswordFormProps) {
  const [fields, setFields] = useState<NewPasswordFields>({ name: '', password: '', repeatedPassword: '' });
  const [ownFaults, setOwnFaults] = useState<Faults>({});
  const form = useRef<HTMLFormElement>(null);
  const faults: Faults = { ...refusal?.faults, ...ownFaults };

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = findFaults(fields);
    flushSync(() => setOwnFaults(found));
    if (Object.keys(found).length === 0) onSend({ name: fields.name.trim(), password: fields.password });
    else form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  }

  function bind(name: keyof NewPasswordFields) {
    return {
      name,
      value: fields[name],
      error: faults[name],
      onChange: (event: ChangeEvent<HTMLInputElement>) => setFields({ ...fields, [name]: event.currentTarget.value }),
    };
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={submit}>
      {asksName && <TextInput {...bind('name')} label="Your name, if you like" autoComplete="name" />}
      <PasswordField
        {...bind('password')}
        {...made}
        label="Password"
        description={`At least ${shortestPassword} characters.`}
      />
      <PasswordField {...bind('repeatedPassword')} {...made} label="The same password again" />
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        {children}
      </Button>
    </form>
  );
}

function findFaults({ password, repeatedPassword }: NewPasswordFields): Faults {
  const faults: Faults = {};
  if (password.length < shortestPassword) faults.password = `Use at least ${shortestPassword} characters.`;
  if (repeatedPassword !== password) faults.repeatedPassword = 'The two passwords differ.';
  return faults;
}
