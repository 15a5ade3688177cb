const hourMilliseconds = 3_600_000;

/** How many mails one address gets within an hour, whatever they are about. */
export const mostMailsAnHour = 6;

/** Counts the mails to each address, in memory, so that nobody can fill a mailbox through us. */
export class MailLimit {
  readonly #sent = new Map<string, number[]>();

  /** Whether one more mail may go to this address now; if so, it is counted. */
  take(email: string, at: Date): boolean {
    const since = at.getTime() - hourMilliseconds;
    for (const [address, times] of this.#sent) {
      if (times.at(-1)! <= since) this.#sent.delete(address);
    }
    const recent = (this.#sent.get(email) ?? []).filter((time) => time > since);
    if (recent.length >= mostMailsAnHour) return false;
    this.#sent.set(email, [...recent, at.getTime()]);
    return true;
  }
}
