import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { tellResync } from '../data/connection.ts';
import { findRefusal } from '../data/refusal.ts';
import { PlusIcon } from '../icons.tsx';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { SetUpAgentMutation } from './documents.ts';

/** Makes the text by which an agent sets itself up; the token in it is new. */
export function AgentSetup({ onMade }: { onMade: (text: string) => void }) {
  const [{ fetching }, setUpAgent] = useMutation(SetUpAgentMutation);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function make(): Promise<void> {
    setRefusal(null);
    const { data, error } = await setUpAgent({});
    const answer = data?.setUpAgent;
    setRefusal(findRefusal({ answer, error }, [])?.message ?? null);
    if (answer?.__typename !== 'SetUpAgentPayload') return;
    onMade(answer.text);
    tellResync();
  }

  return (
    <>
      <Button variant="default" leftSection={<PlusIcon />} loading={fetching} onClick={() => void make()}>
        Set up an agent
      </Button>
      <RefusalText message={refusal} />
    </>
  );
}
