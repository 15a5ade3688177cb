import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { FailureNotice } from '../notice.tsx';
import { DiscoverTablesQuery } from './documents.ts';
import { RegisterForm } from './register-form.tsx';
import styles from './sources.module.css';

const namesTold = 8;

interface OfferedTablesProps {
  source: string;
  onDone: (announcement: string) => void;
}

/** What a source offers now, asked there: what is registered is told, the rest can be chosen and registered at once. */
export function OfferedTables({ source, onDone }: OfferedTablesProps) {
  const [{ data, error, fetching, stale }, refetch] = useQuery({
    query: DiscoverTablesQuery,
    variables: { source },
    requestPolicy: 'cache-and-network',
  });
  const [registrations, setRegistrations] = useState(0);
  const offered = data?.discoverTables;
  const askAgain = () => refetch({ requestPolicy: 'network-only' });
  if (error) return <FailureNotice error={error} what="What the source offers" retry={askAgain} />;
  if (!offered) return <Loader size="sm" aria-label="Asking the source for its tables" role="status" />;
  const free = offered.filter(({ registered }) => registered.length === 0);
  const known = offered.flatMap(({ registered }) => registered.map(({ sqlName }) => sqlName));

  function registered(announcement: string): void {
    setRegistrations(registrations + 1);
    onDone(announcement);
  }

  return (
    <div className={styles.offered}>
      <p>
        {describeOffer(offered.length, free.length)}{' '}
        <Button variant="default" size="compact-xs" loading={fetching || stale} onClick={askAgain}>
          Ask again
        </Button>
      </p>
      {known.length > 0 && (
        <p>
          Registered: <bdi>{nameSome(known)}</bdi>.
        </p>
      )}
      {free.length > 0 && (
        <RegisterForm
          key={registrations}
          source={source}
          offers={free}
          isFirst={known.length === 0}
          onDone={registered}
        />
      )}
    </div>
  );
}

function describeOffer(all: number, free: number): string {
  if (all === 0) return 'The source offers nothing yet.';
  const count = all === 1 ? 'one table' : `${all} tables`;
  if (free === all) return `The source offers ${count}.`;
  return `The source offers ${count}; ${free === 0 ? 'all are registered' : `${free} of them ${free === 1 ? 'is' : 'are'} not registered yet`}.`;
}

function nameSome(names: readonly string[]): string {
  const rest = names.length - namesTold;
  return rest <= 1 ? names.join(', ') : `${names.slice(0, namesTold).join(', ')} and ${rest} more`;
}
