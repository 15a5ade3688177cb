import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { SecretForm } from '../setup-guide/secret-form.tsx';
import type { Secrets } from '../setup-guide/documents.ts';
import type { Connector } from './documents.ts';
import { SourceForm } from './source-form.tsx';
import styles from './sources.module.css';

interface CreateSourceProps {
  connectors: readonly Connector[];
  secrets: Secrets;
  /** Called with what to announce when a secret of the connector was set or removed. */
  onSecret: (announcement: string) => void;
  /** Called with the name of the new source. */
  onDone: (name: string) => void;
}

/** Connects a source: a connector is chosen, its secrets are given, and it checks that it reaches the system. */
export function CreateSource({ connectors, secrets, onSecret, onDone }: CreateSourceProps) {
  const [kind, setKind] = useState(connectors.some((each) => each.kind === 'files') ? 'files' : connectors[0]?.kind);
  const connector = connectors.find((each) => each.kind === kind);
  return (
    <div className={styles.creating}>
      <NativeSelect
        label="Connector"
        description="The kind of system."
        value={kind}
        data={connectors.map((each) => each.kind)}
        onChange={(event) => setKind(event.currentTarget.value)}
      />
      {connector &&
        secrets
          .filter(({ name }) => connector.secrets.includes(name))
          .map((secret) => <SecretForm key={secret.name} secret={secret} onDone={onSecret} />)}
      {connector && <SourceForm key={connector.kind} connector={connector} onDone={onDone} />}
    </div>
  );
}
