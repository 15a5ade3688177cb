import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { RelativeTime } from '../relative-time.tsx';
import { EndSessionMutation, type Session } from './documents.ts';
import styles from './person.module.css';

const doors: Record<Session['door'], string> = {
  SETUP: 'by the setup link',
  PASSWORD: 'by password',
  EMAIL_LINK: 'by a mailed link',
  OIDC: 'by an identity provider',
  INVITE: 'by an invitation',
  DEVICE: 'by a code on another device',
};

interface SessionListProps {
  sessions: readonly Session[];
  onDone: (announcement: string) => void;
}

/** The browsers somebody is signed in with; each can be ended. */
export function SessionList({ sessions, onDone }: SessionListProps) {
  const [leaving, setLeaving] = useState<Session | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(EndSessionMutation);

  async function end(session: Session): Promise<void> {
    if (!(await send({ id: session.id }))) return;
    if (session.current) return location.assign('/');
    setLeaving(null);
    onDone('The session has ended.');
  }

  if (sessions.length === 0) {
    return (
      <Notice title="Signed in nowhere">
        <p>No browser has a session now.</p>
      </Notice>
    );
  }
  return (
    <>
      <ul className={styles.rows} aria-label="Sessions">
        {sessions.map((session) => (
          <li key={session.id} data-session={session.id}>
            <div className={styles.what}>
              <bdi className={styles.name} title={session.device ?? undefined}>
                {session.device ?? 'A browser that said nothing of itself'}
              </bdi>
              <span className={styles.detail}>
                {doors[session.door]}
                {session.address && (
                  <>
                    , from <bdi>{session.address}</bdi>
                  </>
                )}
              </span>
            </div>
            <div className={styles.ways}>
              opened <RelativeTime moment={session.createdAt} />, last used <RelativeTime moment={session.lastUsedAt} />
              {session.current && <strong className={styles.mark}>this browser</strong>}
            </div>
            <Button
              variant="default"
              size="compact-xs"
              aria-label={`End: ${session.device ?? 'the session'}`}
              onClick={() => {
                setRefusal(null);
                setLeaving(session);
              }}
            >
              End
            </Button>
          </li>
        ))}
      </ul>
      <Dialog title="End the session" opened={leaving !== null} onClose={() => setLeaving(null)}>
        {leaving && (
          <Confirm
            action="End it"
            sending={sending}
            refusal={refusal?.message}
            onConfirm={() => void end(leaving)}
            onCancel={() => setLeaving(null)}
          >
            <p>
              {leaving.current
                ? 'This is the session that you use now: you will have to sign in again.'
                : 'Whoever uses that browser has to sign in again, at once.'}
            </p>
          </Confirm>
        )}
      </Dialog>
    </>
  );
}
