import { linkUrl } from '../../src/identity/write-link-mail.ts';
import type { MailedLink } from '../../src/identity/mailed-link.ts';
import { sendGivenLink } from '../../src/identity/send-link.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';

/** A link that an administrator made for somebody, and whether it was mailed. */
interface GivenLinkRow {
  readonly link: string;
  readonly expiresAt: Date;
  readonly mailSent: boolean;
}

/** `GivenLink`, which is told to the administrator who made it, once. */
export const GivenLink = builder.objectRef<GivenLinkRow>('GivenLink').implement({
  description: 'A link for one person, told once: who has it can act as that person.',
  fields: (t) => ({
    link: t.exposeString('link', { description: 'Hand it to the person yourself when no mail was sent.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends, unused.' }),
    mailSent: t.exposeBoolean('mailSent', {
      description: 'Whether the mail server took the mail; why not stands in the server’s log.',
    }),
  }),
});

/** Mails a link that was made, where there is a mail server, and gives it back for the administrator. */
export async function giveLink({ services, instance }: Context, made: MailedLink): Promise<GivenLinkRow> {
  const mailSent = await sendGivenLink(services, made, instance.publicUrl);
  return { link: linkUrl(made, instance.publicUrl), expiresAt: made.expiresAt, mailSent };
}
