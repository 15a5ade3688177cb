import { Button } from '@mantine/core';
import { useMutation } from 'urql';
import { graphql } from '../graphql.ts';

const SignOutMutation = graphql(`
  mutation SignOut {
    signOut {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

/** Ends the session and begins anew on the first page, which tells whether that went well. */
export function SignOutButton() {
  const [{ fetching }, signOut] = useMutation(SignOutMutation);

  async function leave(): Promise<void> {
    await signOut({});
    location.assign('/');
  }

  return (
    <Button variant="default" size="compact-md" loading={fetching} onClick={() => void leave()}>
      Sign out
    </Button>
  );
}
