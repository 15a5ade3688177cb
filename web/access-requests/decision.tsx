import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { tellResync } from '../data/connection.ts';
import { useChange } from '../data/use-change.ts';
import person from '../person/person.module.css';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { DecideAccessRequestMutation, type AccessRequest } from './documents.ts';

const fieldNames = ['note', 'expiresAt'] as const;

interface DecisionProps {
  request: AccessRequest;
  approve: boolean;
  onCancel: () => void;
  onDone: (announcement: string) => void;
}

/** Approves a request, for good or until a moment, or denies it; with a note to who asked. */
export function Decision({ request, approve, onCancel, onDone }: DecisionProps) {
  const [note, setNote] = useState('');
  const [until, setUntil] = useState('');
  const { send, refusal, sending } = useChange(DecideAccessRequestMutation, fieldNames);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const done = await send({
      id: request.id,
      decision: approve ? 'APPROVE' : 'DENY',
      note: note.trim() === '' ? null : note,
      expiresAt: approve && until !== '' ? new Date(until).toISOString() : null,
    });
    // Somebody else may have decided: the list behind shall say so.
    if (!done) return tellResync();
    onDone(approve ? 'The request is approved.' : 'The request is denied.');
  }

  return (
    <form noValidate className={person.form} onSubmit={(event) => void submit(event)}>
      <p>
        <bdi>{request.user?.email ?? 'Somebody who is gone'}</bdi> asks to read{' '}
        <bdi>{request.table?.sqlName ?? 'a table that is gone'}</bdi>.{' '}
        {approve ? 'They may read it from the moment you approve.' : 'They are told that you denied it.'}
      </p>
      {approve && (
        <TextInput
          type="datetime-local"
          label="Until, if it is to end"
          value={until}
          error={refusal?.faults.expiresAt}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      )}
      <Textarea
        label="Note to who asked"
        autosize
        minRows={2}
        maxRows={8}
        value={note}
        error={refusal?.faults.note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <RefusalText message={refusal?.message} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" color={approve ? undefined : 'red.9'} loading={sending}>
          {approve ? 'Approve it' : 'Deny it'}
        </Button>
      </Group>
    </form>
  );
}
