import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { PlusIcon } from '../icons.tsx';
import { SecretOnce } from '../person/secret-once.tsx';
import { TokenList } from '../person/token-list.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { AgentSetup } from './agent-setup.tsx';
import { OwnTokensQuery } from './documents.ts';
import { TokenForm } from './token-form.tsx';

/** One's tokens for programs; a new one is shown once. */
export function TokensSection({ onDone }: { onDone: (announcement: string) => void }) {
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const [agentText, setAgentText] = useState<string | null>(null);
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
            {agentText && (
              <SecretOnce label="The text for the agent" secret={agentText} long onHide={() => setAgentText(null)}>
                <p>
                  Paste it into the agent that works beside you: it installs <code>da</code>, signs in, brings your
                  tables and checks itself. A token of 90 days is in it, so paste it nowhere else.
                </p>
              </SecretOnce>
            )}
            <Group mb="md" gap="sm">
              {may('Mutation.createToken') && (
                <Button leftSection={<PlusIcon />} onClick={() => setAsking(true)}>
                  New token
                </Button>
              )}
              {may('Mutation.setUpAgent') && (
                <AgentSetup
                  onMade={(text) => {
                    setAgentText(text);
                    onDone('The text for the agent is made; it is shown this once.');
                  }}
                />
              )}
            </Group>
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
