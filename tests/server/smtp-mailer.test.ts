import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Mail } from '../../src/identity/mailer.ts';
import { writeLinkMail } from '../../src/identity/write-link-mail.ts';
import { readConfig, type SmtpConfig } from '../../src/kernel/config.ts';
import { openSmtpMailer } from '../../src/server/smtp-mailer.ts';
import { certificate, decodeQuotedPrintable, startMailServer, type MailServer } from '../kit/mail-server.ts';

const mail: Mail = { to: 'ada@example.com', subject: 'Hello', text: 'Good day.\n', html: '<p>Good day.</p>\n' };
const password = 'the password of the mail server';

describe('sending', () => {
  const servers: MailServer[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  async function start(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
    const server = await startMailServer(options);
    servers.push(server);
    return server;
  }

  function config(port: number, given: Partial<SmtpConfig> = {}): SmtpConfig {
    return {
      host: 'localhost',
      port,
      useTls: true,
      user: undefined,
      password: undefined,
      from: 'a@example.com',
      ...given,
    };
  }

  function startWithTls(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
    return start({
      ...certificate,
      disabledCommands: [],
      authOptional: false,
      onAuth({ username, password: told }, _session, done) {
        if (username === 'agnes' && told === password) done(null, { user: username });
        else done(new Error('Invalid login'));
      },
      ...options,
    });
  }

  const trusted = () => ({ trustedCertificate: certificate.cert });

  test('encrypts by STARTTLS first, then tells the password and the mail', async () => {
    const server = await startWithTls();
    const mailer = openSmtpMailer(config(server.port, { user: 'agnes', password }), trusted());
    await mailer.send(mail);
    expect(server.mails).toMatchObject([{ to: [mail.to], from: 'a@example.com', encrypted: true, user: 'agnes' }]);
    expect(server.mails[0]!.message).toContain('Good day.');
  });

  test('a refused password is a failure that tells neither password nor mail', async () => {
    const server = await startWithTls();
    const mailer = openSmtpMailer(config(server.port, { user: 'agnes', password: 'wrong horse' }), trusted());
    const failure = await mailer.send(mail).catch((error: unknown) => String(error));
    expect(failure).toMatch(/Invalid login/);
    expect(failure).not.toMatch(/wrong horse|Good day/);
    expect(server.mails).toEqual([]);
  });

  test('nothing is sent to a server without STARTTLS, nor to one whose certificate nobody vouches for', async () => {
    const plain = await start({ authOptional: true });
    await expect(openSmtpMailer(config(plain.port), trusted()).send(mail)).rejects.toThrow(/STARTTLS|TLS/i);
    const foreign = await startWithTls({ authOptional: true });
    await expect(openSmtpMailer(config(foreign.port)).send(mail)).rejects.toThrow(/certificate/);
    expect([...plain.mails, ...foreign.mails]).toEqual([]);
  });

  test('a server that says nothing is given up after the time limit', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    try {
      const mailer = openSmtpMailer(config(port, { useTls: false }), { timeoutSeconds: 0.2 });
      await expect(mailer.send(mail)).rejects.toThrow(/longer|timeout|greeting/i);
    } finally {
      silent.close();
    }
  });

  test('nothing in a name or an address makes a header or another recipient', async () => {
    const server = await start();
    const mailer = openSmtpMailer(config(server.port, { useTls: false }));
    const evil = '\r\nBcc: eve@example.com\r\n\r\nCome to http://evil.example.com';
    const link = { purpose: 'invite', secret: 'S'.repeat(43), expiresAt: new Date() } as const;
    await mailer.send(
      writeLinkMail({ ...link, user: { email: 'ada@example.com', name: `Ada${evil}<b>` } }, 'http://agnes.example.com'),
    );
    await mailer.send({ ...mail, to: `ada@example.com${evil}`, subject: `Hello${evil}` }).catch(() => {});
    for (const to of [
      'ada@example.com, eve@example.com',
      'Ada <eve@example.com>',
      'ada@example.com <eve@example.com>',
    ]) {
      await mailer.send({ ...mail, to }).catch(() => {});
    }
    expect(server.mails.length).toBeGreaterThan(0);
    for (const { to, message } of server.mails) {
      expect(to).not.toContain('eve@example.com');
      const [head] = message.split('\r\n\r\n');
      expect(head).not.toMatch(/^bcc/im);
    }
    const text = decodeQuotedPrintable(server.mails[0]!.message);
    expect(text).toContain('Hello Ada Bcc: eve@example.com Come to http://evil.example.com<b>,');
    expect(text).toContain('http://evil.example.com&#60;b&#62;,');
    expect(text).toContain(`http://agnes.example.com/invite#${link.secret}`);
    expect(text).not.toMatch(/<img|<link|<script|src=|url\(/i);
  });
});

describe('the keys of mail', () => {
  const whole = { SMTP_HOST: 'mail.example.com', SMTP_FROM: 'Agnes <agnes@example.com>' };

  test('are read with their defaults; without a host there is no mail', () => {
    expect(readConfig(whole).smtp).toEqual({
      host: 'mail.example.com',
      port: 587,
      useTls: true,
      user: undefined,
      password: undefined,
      from: 'Agnes <agnes@example.com>',
    });
    expect(readConfig({}).smtp).toBeNull();
  });

  test.each<[Record<string, string>, string]>([
    [{ SMTP_FROM: 'a@example.com', SMTP_PORT: '25' }, 'leave out SMTP_PORT, SMTP_FROM'],
    [{ SMTP_HOST: 'mail.example.com' }, 'SMTP_FROM: mails need a sender'],
    [{ ...whole, SMTP_USER: 'agnes' }, 'SMTP_USER, SMTP_PASSWORD: give both or neither'],
    [{ ...whole, SMTP_FROM: 'Agnes' }, 'SMTP_FROM: Write an address'],
    [{ ...whole, SMTP_FROM: 'a@example.com\r\nBcc: eve@example.com' }, 'SMTP_FROM: Write an address'],
    [{ ...whole, SMTP_FROM: 'Agnes\r\nBcc: x <a@example.com>' }, 'SMTP_FROM: Write an address'],
    [{ ...whole, SMTP_USE_TLS: 'yes' }, 'SMTP_USE_TLS'],
    [{ ...whole, HOST: '0.0.0.0' }, 'PUBLIC_URL: links in mails lead there'],
  ])('%j is refused', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(sentence);
  });
});
