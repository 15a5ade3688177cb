import type { CombinedError } from 'urql';

/** Why a request gave no answer, in the terms a page shows. */
export type RequestFailure =
  | { kind: 'refused'; requiredRole: string | undefined; message: string }
  | { kind: 'signedOut'; message: string }
  | { kind: 'failed'; message: string };

/** The server's own sentence where there is one; a request that never arrived gets ours. */
export function describeFailure(error: CombinedError): RequestFailure {
  const [first] = error.graphQLErrors;
  if (!first) {
    return { kind: 'failed', message: 'The server did not answer. Check the connection, then try again.' };
  }
  const { message, extensions } = first;
  if (extensions['code'] === 'UNAUTHENTICATED') return { kind: 'signedOut', message };
  if (extensions['code'] === 'FORBIDDEN' || extensions['code'] === 'INTERACTIVE_SIGN_IN_REQUIRED') {
    const { requiredRole } = extensions;
    return { kind: 'refused', requiredRole: typeof requiredRole === 'string' ? requiredRole : undefined, message };
  }
  return { kind: 'failed', message };
}
