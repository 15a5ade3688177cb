const passingCodes: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Whether another attempt may go well: the error or one of its causes is `retryable`, or a fault of the network. */
export function mayPass(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { retryable, code } = cause as { retryable?: unknown; code?: unknown };
    if (retryable !== undefined) return retryable === true;
    if (passingCodes.has(code)) return true;
  }
  return false;
}
