import type { Services } from '../operation/services.ts';
import type { MailedLink } from './mailed-link.ts';
import { writeLinkMail } from './write-link-mail.ts';

/** Mails a link; whether the mail server took it. Why not stands in the log, which never holds the link. */
export async function sendLink(services: Services, link: MailedLink, publicUrl: string): Promise<boolean> {
  if (!services.mailer) return false;
  try {
    await services.mailer.send(writeLinkMail(link, publicUrl));
    return true;
  } catch (error) {
    const { purpose, user } = link;
    services.log.error({ purpose, to: user.email, reason: (error as Error).message }, 'A mail could not be sent.');
    return false;
  }
}

/** Mails a link that an administrator made, unless the address had enough mails in this hour. */
export async function sendGivenLink(services: Services, link: MailedLink, publicUrl: string): Promise<boolean> {
  if (!services.mailer) return false;
  if (services.mailLimit.take(link.user.email, services.clock.now())) return sendLink(services, link, publicUrl);
  services.log.warn({ purpose: link.purpose, to: link.user.email }, 'A mail was not sent: too many within an hour.');
  return false;
}
