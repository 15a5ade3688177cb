import type { LinkPurpose, MailedLink } from './mailed-link.ts';
import type { Mail } from './mailer.ts';

interface Wording {
  path: string;
  subject: string;
  /** What the link does, and how long. */
  offer: string;
  /** What to do with a mail nobody asked for. */
  otherwise: string;
}

const wordings: Readonly<Record<LinkPurpose, Wording>> = {
  invite: {
    path: '/invite',
    subject: 'You are invited to Agnes',
    offer: 'You are invited. Open this link within 7 days to choose a password:',
    otherwise: 'If you do not know what this is about, you can ignore this mail.',
  },
  passwordReset: {
    path: '/reset-password',
    subject: 'Choose a new password',
    offer: 'Open this link within 24 hours to choose a new password:',
    otherwise: 'If you did not ask for it, you can ignore this mail; your password stays as it is.',
  },
  emailLink: {
    path: '/sign-in-link',
    subject: 'Your link to sign in',
    offer: 'Open this link within 15 minutes to sign in:',
    otherwise: 'If you did not ask for it, you can ignore this mail; nobody is signed in without the link.',
  },
};

/** The address a link leads to; its secret stands behind the `#`, which browsers never send. */
export function linkUrl({ purpose, secret }: MailedLink, publicUrl: string): string {
  return `${publicUrl}${wordings[purpose].path}#${secret}`;
}

/** The mail that carries a link, as text and as HTML that loads nothing. */
export function writeLinkMail(link: MailedLink, publicUrl: string): Mail {
  const { subject, offer, otherwise } = wordings[link.purpose];
  const greeting = `Hello ${oneLine(link.user.name ?? link.user.email)},`;
  const url = linkUrl(link, publicUrl);
  const paragraphs = [greeting, offer, url, `The link works once. ${otherwise}`];
  const html = paragraphs.map((text) => `<p>${text === url ? anchor(url) : escapeHtml(text)}</p>`);
  return {
    to: link.user.email,
    subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><body>\n${html.join('\n')}\n</body></html>\n`,
  };
}

/** Names are what people made of them: one line, so that they cannot pretend to be the rest of the mail. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
}

function anchor(url: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
