import { Button } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { describeFailure } from '../data/failure.ts';
import { CheckSourceQuery } from './documents.ts';
import styles from './sources.module.css';

interface Outcome {
  ok: boolean;
  said: string;
}

/** Has the connector reach the system now, and says how that went. */
export function CheckNow({ source }: { source: string }) {
  const client = useClient();
  const [checking, setChecking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function check(): Promise<void> {
    setChecking(true);
    setOutcome(null);
    const { data, error } = await client
      .query(CheckSourceQuery, { source }, { requestPolicy: 'network-only' })
      .toPromise();
    setChecking(false);
    if (error) return setOutcome({ ok: false, said: describeFailure(error).message });
    const found = data?.checkSource;
    setOutcome({
      ok: found?.ok ?? false,
      said: found ? (found.fault ?? 'The source can be reached.') : 'The source is gone.',
    });
  }

  return (
    <>
      <Button variant="default" size="compact-sm" loading={checking} onClick={() => void check()}>
        Check the connection
      </Button>
      <p className={styles.outcome} role="status" data-tone={outcome?.ok === false ? 'bad' : 'good'}>
        {outcome && <bdi>{outcome.said}</bdi>}
      </p>
    </>
  );
}
