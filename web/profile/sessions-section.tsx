import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../confirm.tsx';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { SessionList } from '../person/session-list.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { OwnSessionsQuery, SignOutEverywhereMutation } from './documents.ts';

/** Where one is signed in. */
export function SessionsSection({ onDone }: { onDone: (announcement: string) => void }) {
  const [question, setQuestion] = useState<{ keepThisOne: boolean } | null>(null);
  const { send, refusal, setRefusal, sending } = useChange(SignOutEverywhereMutation);

  async function leave(chosen: { keepThisOne: boolean }): Promise<void> {
    const done = await send(chosen);
    if (!done) return;
    if (!chosen.keepThisOne) return location.assign('/');
    setQuestion(null);
    onDone(done.sessionsEnded === 1 ? '1 session has ended.' : `${done.sessionsEnded} sessions have ended.`);
  }

  function ask(keepThisOne: boolean): void {
    setRefusal(null);
    setQuestion({ keepThisOne });
  }

  return (
    <QueryView query={OwnSessionsQuery} variables={{}} what="Your sessions">
      {({ viewer }) =>
        viewer && (
          <>
            <p className={styles.introduction}>
              Every browser in which you are signed in. A session ends by itself after 14 days without use, and after 90
              days.
            </p>
            <SessionList sessions={viewer.sessions} onDone={onDone} />
            {viewer.sessions.length > 0 && (
              <Group mt="md" gap="sm">
                <Button variant="default" onClick={() => ask(true)}>
                  Sign out everywhere else
                </Button>
                <Button variant="default" onClick={() => ask(false)}>
                  Sign out everywhere
                </Button>
              </Group>
            )}
            <Dialog
              title={question?.keepThisOne ? 'Sign out everywhere else' : 'Sign out everywhere'}
              opened={question !== null}
              onClose={() => setQuestion(null)}
            >
              {question && (
                <Confirm
                  action="Sign out"
                  sending={sending}
                  refusal={refusal?.message}
                  onConfirm={() => void leave(question)}
                  onCancel={() => setQuestion(null)}
                >
                  <p>
                    {question.keepThisOne
                      ? 'All your sessions but this one end at once. Devices and tokens stay.'
                      : 'All your sessions end at once, this one too. Devices and tokens stay.'}
                  </p>
                </Confirm>
              )}
            </Dialog>
          </>
        )
      }
    </QueryView>
  );
}
