import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ChoiceField, type Choice } from './choice-field.tsx';
import { choicesAtOnce, searchMilliseconds } from './choices.ts';
import { UserChoicesQuery } from './documents.ts';

interface UserFieldProps {
  /** The e-mail address of who is chosen. */
  chosen: string | null;
  error?: string | undefined;
  /** The choice has the global id, and the e-mail address as its name. */
  onChoose: (user: Choice | null) => void;
}

/** Finds a user. It asks the server when somebody comes to it. */
export function UserField({ chosen, error, onChoose }: UserFieldProps) {
  const [search, setSearch] = useState<string | null>();
  const [sought] = useDebouncedValue(search, searchMilliseconds);
  const [answer] = useQuery({
    query: UserChoicesQuery,
    variables: { search: sought ?? null, first: choicesAtOnce },
    pause: sought === undefined,
  });
  const users = answer.data?.users?.edges.map(({ node }) => node) ?? [];
  return (
    <ChoiceField
      label="User"
      placeholder="Search by address or name"
      choices={users.map(({ id, email, name }) => ({ id, name: email, detail: name }))}
      chosen={chosen}
      error={answer.error ? 'The users could not be searched.' : error}
      onSearch={setSearch}
      onChoose={onChoose}
    />
  );
}
