import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { SetupQuery } from './documents.ts';

/** Shows what it holds as long as something of the setup is missing. */
export function WhileIncomplete({ children }: { children: ReactNode }) {
  const [{ data }] = useQuery({ query: SetupQuery });
  return data?.instance?.setup?.complete === false ? children : null;
}
