import { printData, printJson, printNotice } from '../output/streams.ts';

/** A link that an administrator may hand on. */
export interface GivenLink {
  readonly link: string;
  readonly expiresAt: string;
  readonly mailSent: boolean;
}

/** Prints a link, and nothing else, to stdout, where somebody or something takes it up. */
export function printLink(given: { user: string; link: GivenLink }, options: { json?: true }): void {
  const { user, link } = given;
  if (options.json) return printJson({ user, ...link });
  const sent = link.mailSent ? `It was mailed to ${user}.` : `No mail went to ${user}: hand the link on yourself.`;
  printNotice(`${sent} It works once, until ${link.expiresAt}.`);
  printData(`${link.link}\n`);
}
