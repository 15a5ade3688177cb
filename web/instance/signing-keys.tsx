import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import person from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { RotateSigningKeyMutation, SigningKeysQuery } from './documents.ts';
import styles from './instance.module.css';

/** The keys that sign links to files; a new one is made here, and older ones ended when one has leaked. */
export function SigningKeys({ onDone }: { onDone: (announcement: string) => void }) {
  const [question, setQuestion] = useState<'rotate' | 'end' | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(RotateSigningKeyMutation);

  function ask(about: 'rotate' | 'end'): void {
    setRefusal(null);
    setQuestion(about);
  }

  async function rotate(now: boolean): Promise<void> {
    const done = await send({ now });
    if (!done) return;
    setQuestion(null);
    onDone(`The key ${done.signingKey.keyId} signs from now on.`);
  }

  return (
    <>
      <p className={person.introduction}>
        They sign the links by which files are fetched; their secrets are shown nowhere.
      </p>
      <QueryView query={SigningKeysQuery} variables={{}} what="The signing keys">
        {({ signingKeys }) => (
          <ul className={person.rows} aria-label="Signing keys">
            {(signingKeys ?? []).map(({ keyId, createdAt }, index) => (
              <li key={keyId} data-key={keyId}>
                <div className={person.what}>
                  <code className={person.name}>{keyId}</code>
                </div>
                <div className={person.ways}>
                  {index === 0 ? 'signs since ' : 'only verifies; it signed from '}
                  <RelativeTime moment={createdAt} />
                  {index > 0 && ' on'}
                </div>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      <div className={styles.actions}>
        <Button variant="default" onClick={() => ask('rotate')}>
          Make a new key
        </Button>
        <Button variant="default" onClick={() => ask('end')}>
          A key has leaked
        </Button>
      </div>
      <Dialog
        title={question === 'end' ? 'End every older key' : 'Make a new key'}
        opened={question !== null}
        onClose={() => setQuestion(null)}
      >
        {question !== null && (
          <Confirm
            action={question === 'end' ? 'End the older keys' : 'Make it'}
            sending={sending}
            refusal={refusal?.message}
            onConfirm={() => void rotate(question === 'end')}
            onCancel={() => setQuestion(null)}
          >
            <p>
              {question === 'end'
                ? 'A new key signs from now on, and every link that an older one signed ends at once. Programs ask for new links by themselves.'
                : 'A new key signs from now on. Links that are out stay good until they end by themselves, within the hour.'}
            </p>
          </Confirm>
        )}
      </Dialog>
    </>
  );
}
