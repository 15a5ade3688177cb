import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { OfferedTables } from '../sources/offered-tables.tsx';
import type { GuideSource } from './documents.ts';

interface TablesStepProps {
  sources: readonly GuideSource[];
  onDone: (announcement: string) => void;
}

/** What a source offers, to be chosen and registered at once. */
export function TablesStep({ sources, onDone }: TablesStepProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const source = chosen ?? (sources.find(({ tables }) => tables.length === 0) ?? sources[0])?.name;
  if (source === undefined) return <p>Connect a source first.</p>;
  return (
    <>
      {sources.length > 1 && (
        <NativeSelect
          label="Source"
          maw="28rem"
          mb="md"
          value={source}
          data={sources.map(({ name }) => name)}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      <OfferedTables key={source} source={source} onDone={onDone} />
    </>
  );
}
