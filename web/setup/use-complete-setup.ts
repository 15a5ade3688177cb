import { useState } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../data/failure.ts';
import { graphql } from '../graphql.ts';
import { emptySetupFields, type SetupFaults, type SetupFields } from './setup-fields.ts';

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

/** Why the setup was refused: in general, and field by field. */
export interface SetupRefusal {
  message: string | null;
  faults: SetupFaults;
}

/** Makes the first administrator. Success leaves for the first page, signed in; otherwise the refusal says why not. */
export function useCompleteSetup(secret: string) {
  const [{ fetching, data }, completeSetup] = useMutation(CompleteSetupMutation);
  const [refusal, setRefusal] = useState<SetupRefusal | null>(null);

  async function send({ email, name, password }: SetupFields): Promise<void> {
    setRefusal(null);
    const input = { secret, email: email.trim(), name: name.trim(), password };
    const { data: answer, error } = await completeSetup({ input });
    const result = answer?.completeSetup;
    if (error || !result) {
      setRefusal({ message: error ? describeFailure(error).message : 'The server did not answer.', faults: {} });
    } else if (result.__typename === 'InvalidInputError') {
      setRefusal(assignFaults(result.fields));
    } else if ('message' in result) {
      setRefusal({ message: result.message, faults: {} });
    } else {
      // A whole new page: everything that was asked without a session is asked again.
      location.assign('/');
    }
  }

  return { send, refusal, sending: fetching || data?.completeSetup?.__typename === 'CompleteSetupPayload' };
}

function assignFaults(fields: readonly { path: string; message: string }[]): SetupRefusal {
  const faults: SetupFaults = {};
  const others: string[] = [];
  for (const { path, message } of fields) {
    if (path in emptySetupFields) faults[path as keyof SetupFields] = message;
    else others.push(message);
  }
  return { message: others.length > 0 ? others.join(' ') : null, faults };
}
