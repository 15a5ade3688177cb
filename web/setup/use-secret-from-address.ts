import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** The text after the `#`, which leaves the address bar and the history as soon as it is read; null when there is none. */
export function useSecretFromAddress(): string | null {
  const { history } = useRouter();
  const [secret] = useState(() => location.hash.slice(1) || null);
  useEffect(() => {
    if (location.hash !== '') history.replace(location.pathname);
  }, [history]);
  return secret;
}
