import type { CombinedError } from 'urql';
import { describeFailure } from './failure.ts';

/** Why a mutation was refused: in general, and field by field. */
export interface Refusal<Field extends string> {
  message: string | null;
  faults: Partial<Record<Field, string>>;
}

/** The part of every mutation's answer that tells of failure. */
interface Answer {
  __typename: string;
  message?: string;
  fields?: readonly { path: string; message: string }[];
}

/** Why a mutation did nothing, with the faults of the form's own fields apart; null when it did what was asked. */
export function findRefusal<Field extends string>(
  { answer, error }: { answer: Answer | null | undefined; error: CombinedError | undefined },
  fieldNames: readonly Field[],
): Refusal<Field> | null {
  if (error) return refuse(describeFailure(error).message);
  if (!answer) return refuse('The server did not answer. Check the connection, then try again.');
  if (answer.fields) return assignFaults(answer.fields, fieldNames);
  return answer.message === undefined ? null : refuse(answer.message);
}

function refuse(message: string): Refusal<never> {
  return { message, faults: {} };
}

function assignFaults<Field extends string>(
  given: readonly { path: string; message: string }[],
  fieldNames: readonly Field[],
): Refusal<Field> {
  const faults: Partial<Record<Field, string>> = {};
  const others: string[] = [];
  for (const { path, message } of given) {
    const name = fieldNames.find((field) => path === field || path.startsWith(`${field}.`));
    if (name === undefined) others.push(message);
    else faults[name] = message;
  }
  return { message: others.length > 0 ? others.join(' ') : null, faults };
}
