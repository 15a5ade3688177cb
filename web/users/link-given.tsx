import { useState } from 'react';
import { SecretOnce } from '../person/secret-once.tsx';
import { RelativeTime } from '../relative-time.tsx';
import type { GivenLink } from './documents.ts';

interface LinkGivenProps {
  given: GivenLink;
  email: string;
  /** What the link is, as the start of a sentence: `The invitation`. */
  what: string;
}

/** Says that a link was mailed or, where it was not, shows it this once to be handed on. */
export function LinkGiven({ given: { link, expiresAt, mailSent }, email, what }: LinkGivenProps) {
  const [hidden, setHidden] = useState(false);
  if (mailSent) {
    return (
      <p role="status">
        {what} is mailed to <bdi>{email}</bdi>; it ends <RelativeTime moment={expiresAt} />.
      </p>
    );
  }
  if (hidden) return null;
  return (
    <SecretOnce label={what} secret={link} onHide={() => setHidden(true)}>
      <p>
        No mail was sent. Hand this link to <bdi>{email}</bdi> yourself: it is shown this once, works once, and ends{' '}
        <RelativeTime moment={expiresAt} />.
      </p>
    </SecretOnce>
  );
}
