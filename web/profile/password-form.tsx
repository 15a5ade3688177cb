import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type ChangeEvent, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../form.module.css';
import { Notice } from '../notice.tsx';
import { PasswordField } from '../password-field.tsx';
import { shortestPassword } from '../setup/setup-fields.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { ChangePasswordMutation } from './documents.ts';

interface PasswordFields {
  currentPassword: string;
  newPassword: string;
  repeatedPassword: string;
}

type Faults = Partial<Record<keyof PasswordFields, string>>;

const empty: PasswordFields = { currentPassword: '', newPassword: '', repeatedPassword: '' };
const sentFields = ['currentPassword', 'newPassword'] as const;

/** Changes the password of who shows the current one; says what else ended by it. */
export function PasswordForm() {
  const [fields, setFields] = useState(empty);
  const [ownFaults, setOwnFaults] = useState<Faults>({});
  const [sessionsEnded, setSessionsEnded] = useState<number | null>(null);
  const { send, refusal, sending } = useChange(ChangePasswordMutation, sentFields);
  const form = useRef<HTMLFormElement>(null);
  const faults: Faults = { ...refusal?.faults, ...ownFaults };

  useEffect(() => {
    const isFaulty = refusal !== null || Object.keys(ownFaults).length > 0;
    if (isFaulty) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusal, ownFaults]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    setSessionsEnded(null);
    const found = findFaults(fields);
    setOwnFaults(found);
    if (Object.keys(found).length > 0) return;
    const { currentPassword, newPassword } = fields;
    const done = await send({ currentPassword, newPassword });
    if (!done) return;
    setFields(empty);
    setSessionsEnded(done.sessionsEnded);
  }

  function bind(name: keyof PasswordFields) {
    return {
      name,
      value: fields[name],
      error: faults[name],
      onChange({ currentTarget: { value } }: ChangeEvent<HTMLInputElement>) {
        setFields((now) => ({ ...now, [name]: value }));
      },
    };
  }

  return (
    <>
      <div role="status">
        {sessionsEnded !== null && (
          <Notice title="Your password is changed" level={3}>
            <p>{describeEnded(sessionsEnded)}</p>
          </Notice>
        )}
      </div>
      <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        <PasswordField {...bind('currentPassword')} autoComplete="current-password" label="Current password" />
        <PasswordField
          {...bind('newPassword')}
          autoComplete="new-password"
          label="New password"
          description={`At least ${shortestPassword} characters.`}
        />
        <PasswordField {...bind('repeatedPassword')} autoComplete="new-password" label="The new password again" />
        <RefusalText message={refusal?.message} />
        <Button type="submit" loading={sending}>
          Change the password
        </Button>
        <p>All your other sessions end with the change; this one goes on.</p>
      </form>
    </>
  );
}

function findFaults({ currentPassword, newPassword, repeatedPassword }: PasswordFields): Faults {
  const faults: Faults = {};
  if (currentPassword === '') faults.currentPassword = 'Enter the password as it is.';
  if (newPassword.length < shortestPassword) faults.newPassword = `Use at least ${shortestPassword} characters.`;
  if (repeatedPassword !== newPassword) faults.repeatedPassword = 'The two passwords differ.';
  return faults;
}

function describeEnded(sessions: number): string {
  if (sessions === 0) return 'You had no other session.';
  return sessions === 1 ? 'Your other session has ended.' : `Your ${sessions} other sessions have ended.`;
}
