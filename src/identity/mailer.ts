import { Failure } from '../kernel/errors.ts';
import type { Services } from '../operation/services.ts';
import type { MailLimit } from './mail-limit.ts';

/** A mail to one person, as text and as simple HTML without anything remote. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends mails. */
export interface Mailer {
  /** Resolves when the mail server has taken the mail; rejects with the reason, within a time limit. */
  send(mail: Mail): Promise<void>;
  /** Waits a moment for what is being sent. */
  close(): Promise<void>;
}

declare module '../operation/services.ts' {
  interface Services {
    /** Null: no mail server is configured. */
    readonly mailer: Mailer | null;
    readonly mailLimit: MailLimit;
  }
}

/** The instance has no mail server, so that it cannot do what needs a mail. */
export class MailNotConfiguredError extends Failure {
  readonly code = 'MAIL_NOT_CONFIGURED';

  constructor() {
    super('This instance sends no mail; ask its administrator for a link.');
  }
}

/** Throws a `MailNotConfiguredError` when no mail server is configured. */
export function demandMailer(services: Services): void {
  if (!services.mailer) throw new MailNotConfiguredError();
}
