import { Button, Title } from '@mantine/core';
import { createRoute } from '@tanstack/react-router';
import styles from '../form.module.css';
import { rootRoute } from '../frame/root-route.ts';
import { useSession } from '../frame/session.ts';
import { useSecretFromAddress } from '../setup/use-secret-from-address.ts';
import { AddressForm } from '../sign-in/address-form.tsx';
import { RequestSignInLinkMutation, SignInByLinkMutation } from '../sign-in/documents.ts';
import { RefusalText } from '../sign-in/refusal-text.tsx';
import { leaveSignedIn, useInputMutation } from '../sign-in/use-input-mutation.ts';

export const needs = null;

export const route = createRoute({ getParentRoute: () => rootRoute, path: '/sign-in-link', component: SignInLinkPage });

/** With a link it offers to sign in, without one to mail a link. */
function SignInLinkPage() {
  const { instance } = useSession();
  const secret = useSecretFromAddress();
  return (
    <>
      <title>{`Sign in · ${instance.name}`}</title>
      <Title order={1} size="h2" mb="md">
        Sign in by a link
      </Title>
      {secret ? (
        <SignInByLink secret={secret} />
      ) : (
        <AddressForm
          document={RequestSignInLinkMutation}
          explanation="A link to sign in goes to your address; it is good for 15 minutes."
        />
      )}
    </>
  );
}

/** Only the button uses the link up: what merely opens links, such as a scanner of mails, does not press it. */
function SignInByLink({ secret }: { secret: string }) {
  const { send, refusal, sending } = useInputMutation(SignInByLinkMutation, []);

  async function signIn(): Promise<void> {
    if (await send({ secret })) leaveSignedIn();
  }

  return (
    <div className={styles.form}>
      <p>The link works once, in this browser.</p>
      <RefusalText message={refusal?.message} />
      <Button loading={sending} onClick={() => void signIn()}>
        Sign in
      </Button>
    </div>
  );
}
