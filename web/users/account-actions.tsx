import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../data/use-change.ts';
import { Dialog } from '../dialog.tsx';
import { useSession } from '../frame/session.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { DeactivateUser } from './deactivate-user.tsx';
import { DeleteUser } from './delete-user.tsx';
import {
  ActivateUserMutation,
  InviteUserMutation,
  SendPasswordResetMutation,
  type GivenLink,
  type UserAccount,
} from './documents.ts';
import styles from './users.module.css';

interface AccountActionsProps {
  user: UserAccount;
  onDone: (announcement: string) => void;
  onLink: (what: string, link: GivenLink) => void;
}

/** Invites, resets, shuts out, lets in again and removes; what is refused is told beside the buttons. */
export function AccountActions({ user, onDone, onLink }: AccountActionsProps) {
  const { viewer } = useSession();
  const navigate = useNavigate();
  const [question, setQuestion] = useState<'deactivate' | 'delete' | null>(null);
  const invite = useChange(InviteUserMutation);
  const reset = useChange(SendPasswordResetMutation);
  const activate = useChange(ActivateUserMutation);
  const isOneself = viewer?.email === user.email;

  async function giveInvitation(): Promise<void> {
    const done = await invite.send({ userId: user.id });
    if (done) onLink('The invitation', done.invitation);
  }

  async function giveReset(): Promise<void> {
    const done = await reset.send({ userId: user.id });
    if (done) onLink('The link to a new password', done.reset);
  }

  async function letIn(): Promise<void> {
    if (await activate.send({ id: user.id })) onDone(`${user.email} is active again.`);
  }

  return (
    <>
      <div className={styles.actions}>
        {user.active && !user.hasPassword && (
          <Button variant="default" loading={invite.sending} onClick={() => void giveInvitation()}>
            Invite
          </Button>
        )}
        {user.active && user.hasPassword && (
          <Button variant="default" loading={reset.sending} onClick={() => void giveReset()}>
            Send a link to a new password
          </Button>
        )}
        {!user.active && (
          <Button variant="default" loading={activate.sending} onClick={() => void letIn()}>
            Activate
          </Button>
        )}
        {user.active && !isOneself && (
          <Button variant="default" onClick={() => setQuestion('deactivate')}>
            Deactivate
          </Button>
        )}
        {!isOneself && (
          <Button variant="default" onClick={() => setQuestion('delete')}>
            Delete
          </Button>
        )}
      </div>
      <RefusalText message={(invite.refusal ?? reset.refusal ?? activate.refusal)?.message} />
      <Dialog title="Deactivate the user" opened={question === 'deactivate'} onClose={() => setQuestion(null)}>
        {question === 'deactivate' && (
          <DeactivateUser
            user={user}
            onCancel={() => setQuestion(null)}
            onDone={(said) => {
              setQuestion(null);
              onDone(said);
            }}
          />
        )}
      </Dialog>
      <Dialog title="Delete the user" opened={question === 'delete'} onClose={() => setQuestion(null)}>
        {question === 'delete' && (
          <DeleteUser
            user={user}
            onCancel={() => setQuestion(null)}
            onDone={() => void navigate({ to: '/admin/users', search: {} })}
          />
        )}
      </Dialog>
    </>
  );
}
