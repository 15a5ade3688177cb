import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import styles from '../form.module.css';
import { PasswordField } from '../password-field.tsx';
import { useSignIn } from './use-sign-in.ts';

/** Asks for an e-mail address and a password; the cursor stands in the first field. */
export function SignInForm() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { send, refusal, sending } = useSignIn();
  const emailField = useRef<HTMLInputElement>(null);
  useEffect(() => emailField.current?.focus(), []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    void send({ email: email.trim(), password });
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        ref={emailField}
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordField
        name="password"
        label="Password"
        autoComplete="current-password"
        error={undefined}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {refusal !== null && (
        <p className={styles.refusal} role="alert">
          {refusal}
        </p>
      )}
      <Button type="submit" loading={sending}>
        Sign in
      </Button>
    </form>
  );
}
