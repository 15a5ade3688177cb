import { useState } from 'react';
import { useMutation } from 'urql';
import { findRefusal, type Refusal } from '../data/refusal.ts';
import { graphql } from '../graphql.ts';
import type { SetupFields } from './setup-fields.ts';

const CompleteSetupMutation = graphql(`
  mutation CompleteSetup($input: CompleteSetupInput!) {
    completeSetup(input: $input) {
      __typename
      ... on Error {
        message
      }
      ... on InvalidInputError {
        fields {
          path
          message
        }
      }
    }
  }
`);

const fieldNames: readonly (keyof SetupFields)[] = ['email', 'name', 'password', 'repeatedPassword'];

/** Makes the first administrator. Success leaves for the guide, signed in; otherwise the refusal says why not. */
export function useCompleteSetup(secret: string) {
  const [{ fetching, data }, completeSetup] = useMutation(CompleteSetupMutation);
  const [refusal, setRefusal] = useState<Refusal<keyof SetupFields> | null>(null);

  async function send({ email, name, password }: SetupFields): Promise<void> {
    setRefusal(null);
    const input = { secret, email: email.trim(), name: name.trim(), password };
    const { data: answer, error } = await completeSetup({ input });
    const refused = findRefusal({ answer: answer?.completeSetup, error }, fieldNames);
    setRefusal(refused);
    if (!refused) {
      // A whole new page: everything that was asked without a session is asked again.
      location.assign('/setup/guide');
    }
  }

  return { send, refusal, sending: fetching || data?.completeSetup?.__typename === 'CompleteSetupPayload' };
}
