import { createTransport } from 'nodemailer';
import type { Mail, Mailer } from '../identity/mailer.ts';
import type { SmtpConfig } from '../kernel/config.ts';

const sendSeconds = 15;
const closeSeconds = 3;

/**
 * Sends through the configured mail server, each mail within `timeoutSeconds`. With `useTls` nothing is sent before the
 * connection is encrypted and the server's certificate is good; `trustedCertificate` (PEM) is one more to trust.
 */
export function openSmtpMailer(
  smtp: SmtpConfig,
  options: { timeoutSeconds?: number; trustedCertificate?: string } = {},
): Mailer {
  const { timeoutSeconds = sendSeconds, trustedCertificate } = options;
  const milliseconds = timeoutSeconds * 1000;
  const implicitTls = smtp.useTls && smtp.port === 465;
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: implicitTls,
    requireTLS: smtp.useTls && !implicitTls,
    ignoreTLS: !smtp.useTls,
    tls: trustedCertificate === undefined ? undefined : { ca: trustedCertificate },
    auth: smtp.user === undefined ? undefined : { user: smtp.user, pass: smtp.password },
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
    dnsTimeout: milliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sending = new Set<Promise<unknown>>();
  return {
    async send(mail) {
      const sent = transport.sendMail(asMessage(mail, smtp.from));
      sending.add(sent);
      try {
        await within(sent, milliseconds, `The mail server took longer than ${timeoutSeconds} seconds.`);
      } finally {
        sending.delete(sent);
      }
    },
    async close() {
      await within(Promise.allSettled(sending), closeSeconds * 1000, '').catch(() => {});
      transport.close();
    },
  };
}

/** The address stands alone in its header, without a name, and as a value of its own, so that nothing in it adds a header. */
function asMessage({ to, subject, text, html }: Mail, from: string) {
  return { from, to: { name: '', address: to }, subject, text, html, headers: { 'Auto-Submitted': 'auto-generated' } };
}

/** Settles as `work` does, or rejects with this sentence after `milliseconds`. */
async function within<Result>(work: Promise<Result>, milliseconds: number, sentence: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(sentence)), milliseconds);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
