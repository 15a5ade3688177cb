import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { PlusIcon } from '../icons.tsx';
import { SecretOnce } from '../person/secret-once.tsx';
import { TokenList } from '../person/token-list.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { OwnTokensQuery } from './documents.ts';
import { TokenForm } from './token-form.tsx';

/** One's tokens for programs; a new one is shown once. */
export function TokensSection({ onDone }: { onDone: (announcement: string) => void }) {
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  return (
    <QueryView query={OwnTokensQuery} variables={{}} what="Your tokens">
      {({ viewer }) =>
        viewer && (
          <>
            <p className={styles.introduction}>
              A token lets a program in as you, with <code>Authorization: Bearer</code>. It can be made to do less.
            </p>
            {made && (
              <SecretOnce label={`The token ${made.name}`} secret={made.secret} onHide={() => setMade(null)}>
                <p>Copy it now: it is shown this once and kept nowhere.</p>
              </SecretOnce>
            )}
            {may('Mutation.createToken') && (
              <Button mb="md" leftSection={<PlusIcon />} onClick={() => setAsking(true)}>
                New token
              </Button>
            )}
            <TokenList tokens={viewer.tokens} nobody="Programs that are to work as you need one." onDone={onDone} />
            <Dialog title="New token" opened={asking} onClose={() => setAsking(false)}>
              {asking && (
                <TokenForm
                  roles={viewer.effectiveRoles.map(({ role }) => role)}
                  onCancel={() => setAsking(false)}
                  onMade={(token) => {
                    setMade(token);
                    setAsking(false);
                    onDone(`The token ${token.name} is made; it is shown this once.`);
                  }}
                />
              )}
            </Dialog>
          </>
        )
      }
    </QueryView>
  );
}
