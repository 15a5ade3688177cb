import { Title } from '@mantine/core';
import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { Notice } from '../notice.tsx';
import { useSecretFromAddress } from '../setup/use-secret-from-address.ts';
import { AcceptInviteMutation } from '../sign-in/documents.ts';
import { NewPasswordForm } from '../sign-in/new-password-form.tsx';
import { leaveSignedIn, useInputMutation } from '../sign-in/use-input-mutation.ts';

export const needs = null;

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/invite', component: InvitePage });

function InvitePage() {
  const { instance } = useSession();
  const secret = useSecretFromAddress();
  return (
    <>
      <title>{`Invitation · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Take up your invitation
      </Title>
      {secret ? (
        <AcceptForm secret={secret} />
      ) : (
        <Notice title="The link is not complete">
          <p>
            Open the whole link of your invitation, with everything after the <code>#</code>. After a reload of this
            page the link has to be opened again.
          </p>
        </Notice>
      )}
    </>
  );
}

function AcceptForm({ secret }: { secret: string }) {
  const { send, refusal, sending } = useInputMutation(AcceptInviteMutation, ['name', 'password']);

  async function accept({ name, password }: { name: string; password: string }): Promise<void> {
    if (await send({ secret, password, ...(name !== '' && { name }) })) leaveSignedIn();
  }

  return (
    <NewPasswordForm asksName refusal={refusal} sending={sending} onSend={(chosen) => void accept(chosen)}>
      Choose this password and sign in
    </NewPasswordForm>
  );
}
