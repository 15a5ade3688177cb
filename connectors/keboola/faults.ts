/** A fault that the next attempt may not meet again. */
export class PassingError extends Error {
  readonly retryable = true;
}

/** What a service answered instead of what was asked for; `status` is that of HTTP. */
export class AnswerError extends Error {
  readonly status: number;
  readonly retryable: boolean;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
    this.retryable = mayPass(status);
  }
}

/** Whether the same request may be answered otherwise a little later. */
export function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** An error of `fetch` or of a stream as one sentence; its causes stay for who decides about another attempt. */
export function networkFault(host: string, error: unknown): Error {
  const late = error instanceof Error && error.name === 'TimeoutError';
  const sentence = late ? `${host} did not answer in time.` : `The connection to ${host} failed; try again later.`;
  return new PassingError(sentence, { cause: error });
}
