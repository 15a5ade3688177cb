import { CreateSource } from '../sources/create-source.tsx';
import type { Connector } from '../sources/documents.ts';
import type { GuideSource, Secrets } from './documents.ts';

interface SourceStepProps {
  connectors: readonly Connector[];
  secrets: Secrets;
  sources: readonly GuideSource[];
  onDone: (announcement: string) => void;
}

/** Connects a source, and names those that are connected. */
export function SourceStep({ connectors, secrets, sources, onDone }: SourceStepProps) {
  return (
    <>
      {sources.length > 0 && (
        <p>
          Connected: <bdi>{sources.map(({ name, connector: by }) => `${name} (${by})`).join(', ')}</bdi>.
        </p>
      )}
      <CreateSource
        key={sources.length}
        connectors={connectors}
        secrets={secrets}
        onSecret={onDone}
        onDone={(name) => onDone(`The source ${name} is connected.`)}
      />
    </>
  );
}
