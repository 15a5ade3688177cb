import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { TypedDocumentNode } from 'urql';
import styles from '../form.module.css';
import { Notice } from '../notice.tsx';
import { RefusalText } from './refusal-text.tsx';
import { useInputMutation } from './use-input-mutation.ts';

interface AddressFormProps<Data extends object> {
  document: TypedDocumentNode<Data, { input: { email: string } }>;
  /** What the mail is good for. */
  explanation: string;
}

/** Asks to whom a link shall be mailed, and says the same for every address. */
export function AddressForm<Data extends object>({ document, explanation }: AddressFormProps<Data>) {
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const { send, refusal, sending } = useInputMutation(document, ['email']);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSent(await send({ email: email.trim() }));
  }

  if (sent) {
    return (
      <Notice title="Look into your mailbox">
        <p>
          If there is an account for <bdi>{email.trim()}</bdi>, a link is on its way. Links that came before stay good.
        </p>
      </Notice>
    );
  }
  return (
    <form className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <p>{explanation}</p>
      <TextInput
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        error={refusal?.faults.email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        Mail me a link
      </Button>
    </form>
  );
}
