import { Button, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChange } from '../data/use-change.ts';
import styles from '../form.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { RequestTableAccessMutation } from './documents.ts';

const fieldNames = ['reason'] as const;

/** Asks the administrators for a table; `tableId` is global. */
export function AccessRequestForm({ tableId, onDone }: { tableId: string; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const { send, refusal, sending } = useChange(RequestTableAccessMutation, fieldNames);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!sending && (await send({ tableId, reason }))) onDone();
  }

  return (
    <form className={styles.form} noValidate aria-label="Ask for access" onSubmit={(event) => void submit(event)}>
      <Textarea
        label="What you need it for"
        description="The administrators read this."
        rows={3}
        value={reason}
        error={refusal?.faults.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <RefusalText message={refusal?.message} />
      <Button type="submit" loading={sending}>
        Ask for access
      </Button>
    </form>
  );
}
