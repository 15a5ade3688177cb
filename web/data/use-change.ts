import { useState } from 'react';
import { useMutation, type TypedDocumentNode } from 'urql';
import { tellResync } from './connection.ts';
import { findRefusal, type Refusal } from './refusal.ts';

/** What every mutation answers in its one field. */
type Answer = Parameters<typeof findRefusal>[0]['answer'];

/** The answer of a mutation of one field when it did what was asked. */
type Done<Data> = Exclude<NonNullable<Data[keyof Data]>, { message: string }>;

/**
 * Sends a mutation of one field with one input. `send` resolves to what it did, or to null when it was refused, and then
 * `refusal` says why. What is on the screen is fetched again after it.
 */
export function useChange<Data extends object, Input, Field extends string = never>(
  document: TypedDocumentNode<Data, { input: Input }>,
  fieldNames: readonly Field[] = [],
) {
  const [{ fetching }, mutate] = useMutation<Data, { input: Input }>(document);
  const [refusal, setRefusal] = useState<Refusal<Field> | null>(null);

  async function send(input: Input): Promise<Done<Data> | null> {
    setRefusal(null);
    const { data, error } = await mutate({ input });
    const [answer] = Object.values(data ?? {}) as Answer[];
    const refused = findRefusal({ answer, error }, fieldNames);
    setRefusal(refused);
    if (refused) return null;
    tellResync();
    return answer as unknown as Done<Data>;
  }

  return { send, refusal, setRefusal, sending: fetching };
}
