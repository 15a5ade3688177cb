import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../person/person.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { CreateUserMutation, type GivenLink } from './documents.ts';
import { LinkGiven } from './link-given.tsx';
import { storedIdOf } from './stored-id.ts';

const fieldNames = ['email', 'name'] as const;

/** Adds somebody, invited or not; then leads to the page where roles are given. */
export function AddUser({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [sendInvite, setSendInvite] = useState(true);
  const [added, setAdded] = useState<{ id: string; email: string; invitation: GivenLink | null } | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(CreateUserMutation, fieldNames);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusal]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const done = await send({ email, name: name.trim() === '' ? null : name, sendInvite });
    if (done) return setAdded({ ...done.user, invitation: done.invitation });
  }

  if (added) {
    return (
      <div className={styles.form}>
        <p role="status">
          <bdi>{added.email}</bdi> is added, without a role yet.
        </p>
        {added.invitation && <LinkGiven given={added.invitation} email={added.email} what="The invitation" />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Link to="/admin/users/$id" params={{ id: storedIdOf(added.id) }} hash="roles">
            Give roles
          </Link>
        </Group>
      </div>
    );
  }
  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <TextInput
        label="E-mail address"
        type="email"
        value={email}
        error={refusal?.faults.email}
        data-autofocus
        onChange={(event) => {
          setRefusal(null);
          setEmail(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Name, if you like"
        value={name}
        error={refusal?.faults.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox
        label="Invite them to choose a password"
        description="By mail where there is a mail server; otherwise you get the link to hand on."
        checked={sendInvite}
        onChange={(event) => setSendInvite(event.currentTarget.checked)}
      />
      <RefusalText message={refusal?.message} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={sending}>
          Add them
        </Button>
      </Group>
    </form>
  );
}
