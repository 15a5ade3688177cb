import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../form.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { UpdateUserMutation, type UserAccount } from './documents.ts';

const fieldNames = ['name', 'email'] as const;

/** Changes what a user is called and the address by which they come in. */
export function NameForm({ user, onDone }: { user: UserAccount; onDone: (announcement: string) => void }) {
  const [name, setName] = useState(user.name ?? '');
  const [email, setEmail] = useState(user.email);
  const { send, refusal, sending } = useChange(UpdateUserMutation, fieldNames);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    if (await send({ id: user.id, email, name: name.trim() === '' ? null : name })) onDone('The changes are saved.');
  }

  return (
    <form className={styles.form} noValidate aria-label="Name and address" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        value={name}
        error={refusal?.faults.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="E-mail address"
        type="email"
        value={email}
        error={refusal?.faults.email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <RefusalText message={refusal?.message} />
      <Button type="submit" variant="default" loading={sending}>
        Save
      </Button>
    </form>
  );
}
