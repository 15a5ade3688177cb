import { Button } from '@mantine/core';
import { useContext } from 'react';
import { CopyableCode } from '../copyable-code.tsx';
import { SessionContext } from './session.ts';

/** Offers to ask for a role: a mail or a page where the instance names a contact, and otherwise a text to send. */
export function AskForRole({ role }: { role: string }) {
  const session = useContext(SessionContext);
  const contact = session?.instance.contact ?? null;
  const instance = session?.instance.name ?? 'this instance';
  const text = [
    `Please give me the role ${role} on ${instance}.`,
    '',
    `Person: ${session?.viewer?.email ?? ''}`,
    `Page: ${location.href}`,
    'Reason: ',
  ].join('\n');
  if (contact !== null && !isWebLink(contact)) {
    const subject = `The role ${role} on ${instance}`;
    const mail = `mailto:${encodeURIComponent(contact)}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
    return (
      <>
        <p>
          <bdi>{contact}</bdi> answers for this instance; the mail is written already but for the reason.
        </p>
        <p>
          <Button component="a" href={mail}>
            Ask for it
          </Button>
        </p>
      </>
    );
  }
  return (
    <>
      <p>{contact === null ? 'Send this to an administrator, with your reason:' : 'Say there, with your reason:'}</p>
      <CopyableCode label="The request" text={text} />
      {contact !== null && (
        <p>
          <Button component="a" href={contact} target="_blank" rel="noreferrer">
            Ask for it
          </Button>
        </p>
      )}
    </>
  );
}

function isWebLink(contact: string): boolean {
  return /^https?:\/\//.test(contact);
}
