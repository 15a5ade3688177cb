import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { DeviceList } from '../person/device-list.tsx';
import { SessionList } from '../person/session-list.tsx';
import { TokenList } from '../person/token-list.tsx';
import { QueryView } from '../query-view.tsx';
import { EndSessionsOfMutation, UserCredentialsQuery } from './documents.ts';

interface CredentialsSectionProps {
  id: string;
  kind: 'sessions' | 'devices' | 'tokens';
  onDone: (announcement: string) => void;
}

/** One kind of what a user comes in by; each can be ended. */
export function CredentialsSection({ id, kind, onDone }: CredentialsSectionProps) {
  return (
    <QueryView query={UserCredentialsQuery} variables={{ id }} what={`The ${kind}`}>
      {({ user }) => {
        if (kind === 'devices') return <DeviceList devices={user?.devices ?? []} onDone={onDone} />;
        if (kind === 'tokens') {
          return <TokenList tokens={user?.tokens ?? []} nobody="Only the user can make one." onDone={onDone} />;
        }
        const sessions = user?.sessions ?? [];
        return (
          <>
            <SessionList sessions={sessions} onDone={onDone} />
            {sessions.length > 1 && <EndAllSessions id={id} onDone={onDone} />}
          </>
        );
      }}
    </QueryView>
  );
}

function EndAllSessions({ id, onDone }: Pick<CredentialsSectionProps, 'id' | 'onDone'>) {
  const [asking, setAsking] = useState(false);
  const { send, refusal, sending } = useChange(EndSessionsOfMutation);

  async function end(): Promise<void> {
    const done = await send({ userId: id });
    if (!done) return;
    setAsking(false);
    onDone(`${done.sessionsEnded} sessions have ended.`);
  }

  return (
    <>
      <Button mt="md" variant="default" onClick={() => setAsking(true)}>
        End all sessions
      </Button>
      <Dialog title="End all sessions" opened={asking} onClose={() => setAsking(false)}>
        <Confirm
          action="End them"
          sending={sending}
          refusal={refusal?.message}
          onConfirm={() => void end()}
          onCancel={() => setAsking(false)}
        >
          <p>The user is signed out of every browser at once. Devices and tokens stay.</p>
        </Confirm>
      </Dialog>
    </>
  );
}
