import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect } from 'vitest';

/** A mail as it arrived: its envelope, and the whole message. */
export interface ArrivedMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly message: string;
  readonly encrypted: boolean;
  readonly user: string | undefined;
}

/** A real mail server on a free port, which keeps what it gets. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ArrivedMail[];
  /** What a server of ours needs to send through it. */
  readonly environment: Record<string, string>;
  /** The mails to this address, as soon as there are so many. */
  mailsTo(address: string, count?: number): Promise<ArrivedMail[]>;
  close(): Promise<void>;
}

/** Starts one; without options it takes everything, unencrypted. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: ArrivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          message: Buffer.concat(chunks).toString('utf8'),
          encrypted: session.secure,
          user: session.user as string | undefined,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    environment: {
      SMTP_HOST: 'localhost',
      SMTP_PORT: String(port),
      SMTP_USE_TLS: '0',
      SMTP_FROM: 'Agnes <agnes@example.com>',
    },
    async mailsTo(address, count = 1) {
      const found = (): ArrivedMail[] => mails.filter(({ to }) => to.includes(address));
      await expect.poll(() => found().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count);
      return found();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The link in a mail, decoded from its plain text. */
export function linkIn({ message }: ArrivedMail): string {
  const [link] = /https?:\/\/\S+#[\w-]{43}/.exec(decodeQuotedPrintable(message)) ?? [];
  if (!link) throw new Error(`There is no link in ${message}`);
  return link;
}

/** What stands behind the `#` of a link. */
export function secretOf(link: string): string {
  return link.slice(link.indexOf('#') + 1);
}

/** The text of a message in quoted-printable. */
export function decodeQuotedPrintable(text: string): string {
  return text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([\dA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A certificate for `localhost` with its key, both PEM; nobody trusts it unless told to. */
export const certificate = {
  key: readFileSync(new URL('localhost/key.pem', import.meta.url), 'utf8'),
  cert: readFileSync(new URL('localhost/cert.pem', import.meta.url), 'utf8'),
};
