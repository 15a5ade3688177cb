import { useState } from 'react';
import { useMutation, type TypedDocumentNode } from 'urql';
import { findRefusal, type Refusal } from '../data/refusal.ts';

/** What every mutation answers in its one field. */
type Answer = Parameters<typeof findRefusal>[0]['answer'];

/** Sends a mutation of one field with one input; `send` tells whether it did what was asked, `refusal` why not. */
export function useInputMutation<Data extends object, Input, Field extends string>(
  document: TypedDocumentNode<Data, { input: Input }>,
  fieldNames: readonly Field[],
) {
  const [{ fetching }, mutate] = useMutation<Data, { input: Input }>(document);
  const [refusal, setRefusal] = useState<Refusal<Field> | null>(null);

  async function send(input: Input): Promise<boolean> {
    setRefusal(null);
    const { data, error } = await mutate({ input });
    const [answer] = Object.values(data ?? {}) as Answer[];
    const refused = findRefusal({ answer, error }, fieldNames);
    setRefusal(refused);
    return refused === null;
  }

  return { send, refusal, sending: fetching };
}

/** Leaves for the first page, as a whole new page: everything that was asked without a session is asked again. */
export function leaveSignedIn(): void {
  location.assign('/');
}
