import { Notice } from '../notice.tsx';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import type { Session } from './session.ts';

/** Stands in for every page that needs a person. */
export function SignedOut({ instance }: { instance: Session['instance'] }) {
  if (instance.setupNeeded) {
    return (
      <Notice title="This instance is waiting for its first administrator" level={1}>
        <title>{`Set up · ${instance.name}`}</title>
        <p>
          The server wrote a setup link into its log when it started. Whoever can read the log opens that link and
          becomes the first administrator.
        </p>
      </Notice>
    );
  }
  return (
    <Notice title="You are not signed in" level={1}>
      <title>{`Sign in · ${instance.name}`}</title>
      <p>This browser has no session here, or it has ended.</p>
      {instance.signInDoors.some(({ kind }) => kind === 'PASSWORD') && <SignInForm />}
    </Notice>
  );
}
