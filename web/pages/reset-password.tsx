import { Title } from '@mantine/core';
import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { useSecretFromAddress } from '../setup/use-secret-from-address.ts';
import { AddressForm } from '../sign-in/address-form.tsx';
import { RequestPasswordResetMutation, ResetPasswordMutation } from '../sign-in/documents.ts';
import { NewPasswordForm } from '../sign-in/new-password-form.tsx';
import { leaveSignedIn, useInputMutation } from '../sign-in/use-input-mutation.ts';

export const needs = null;

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/reset-password', component: ResetPage });

/** With a link it asks for the new password, without one whom to mail a link. */
function ResetPage() {
  const { instance } = useSession();
  const secret = useSecretFromAddress();
  return (
    <>
      <title>{`New password · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Choose a new password
      </Title>
      {secret ? (
        <ResetForm secret={secret} />
      ) : (
        <AddressForm
          document={RequestPasswordResetMutation}
          explanation="A link to choose a new password goes to your address; it is good for 24 hours."
        />
      )}
    </>
  );
}

function ResetForm({ secret }: { secret: string }) {
  const { send, refusal, sending } = useInputMutation(ResetPasswordMutation, ['name', 'password']);

  async function reset({ password }: { password: string }): Promise<void> {
    if (await send({ secret, password })) leaveSignedIn();
  }

  return (
    <NewPasswordForm refusal={refusal} sending={sending} onSend={(chosen) => void reset(chosen)}>
      Choose this password and sign in
    </NewPasswordForm>
  );
}
