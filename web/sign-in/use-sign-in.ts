import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../data/failure.ts';
import { graphql } from '../graphql.ts';

const SignInMutation = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

/** Signs in. Success loads the page anew, signed in; otherwise the refusal says why not. */
export function useSignIn() {
  const [{ fetching, data }, signIn] = useMutation(SignInMutation);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function send(input: { email: string; password: string }): Promise<void> {
    setRefusal(null);
    const { data: answer, error } = await signIn({ input });
    const result = answer?.signIn;
    if (error || !result) setRefusal(error ? describeFailure(error).message : 'The server did not answer.');
    else if ('message' in result) setRefusal(result.message);
    // A whole new page: everything that was asked without a session is asked again.
    else location.reload();
  }

  return { send, refusal, sending: fetching || data?.signIn?.__typename === 'SignInPayload' };
}
