/** What BigQuery answered instead of what was asked for. */
export class BigQueryFailure extends Error {
  /** Google's own word for it, such as `accessDenied`; empty when the answer names none. */
  readonly reason: string;
  readonly status: number;
  /** Whether another attempt may go well. */
  readonly retryable: boolean;

  constructor(message: string, given: { reason: string; status: number; cause?: unknown }) {
    super(message, { cause: given.cause });
    this.reason = given.reason;
    this.status = given.status;
    this.retryable = isPassing(given);
  }
}

/** One error as Google's answers hold it. */
export interface GoogleError {
  reason?: string;
  message?: string;
  location?: string;
}

// https://cloud.google.com/bigquery/docs/error-messages
const passingReasons = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
]);

/** Whether asking again may go well, by Google's word and the status of the answer. */
export function isPassing({ reason, status }: { reason: string; status: number }): boolean {
  return passingReasons.has(reason) || status === 429 || status >= 500;
}

/** The failure that an answer with this status and body means. `doing` says what was asked, such as `read the table a.b`. */
export function failureOf(doing: string, given: { status: number; body: string }): BigQueryFailure {
  const { status } = given;
  const { reason, message } = readGoogleError(given.body);
  return new BigQueryFailure(sentence(doing, { reason, message, status }), { reason, status });
}

/** The failure of a job that ended with this error. */
export function jobFailure(doing: string, error: GoogleError): BigQueryFailure {
  const reason = error.reason ?? '';
  return new BigQueryFailure(sentence(doing, { reason, message: error.message ?? '', status: 0 }), {
    reason,
    status: 0,
  });
}

function readGoogleError(body: string): { reason: string; message: string } {
  try {
    const { error } = JSON.parse(body) as {
      error?: { message?: string; status?: string; errors?: GoogleError[]; details?: { reason?: string }[] };
    };
    const reasons = [error?.details?.find(({ reason }) => reason)?.reason, error?.errors?.[0]?.reason, error?.status];
    return { reason: reasons.find((reason) => reason !== undefined) ?? '', message: error?.message ?? '' };
  } catch {
    return { reason: '', message: '' };
  }
}

function sentence(doing: string, given: { reason: string; message: string; status: number }): string {
  const { reason, status } = given;
  const said = saidBy(given.message);
  if (reason === 'SERVICE_DISABLED' || reason === 'accessNotConfigured') {
    return `BigQuery could not ${doing}: the BigQuery API is off in the project; turn it on in the Google Cloud console.`;
  }
  if (status === 401)
    return `BigQuery could not ${doing}: it refused the credentials; check the key of the service account.`;
  if (reason === 'accessDenied' || reason === 'PERMISSION_DENIED') {
    return `BigQuery could not ${doing}: the account lacks a permission; give it the roles that the connector’s page lists.${said}`;
  }
  if (reason === 'quotaExceeded')
    return `BigQuery could not ${doing}: a quota of the project is used up; wait, or raise it.${said}`;
  if (reason === 'bytesBilledLimitExceeded') {
    return `BigQuery stopped to ${doing}: it would be charged for more bytes than maxBytesBilled allows.${said}`;
  }
  if (reason === 'notFound' || status === 404) {
    return `BigQuery could not ${doing}: it found no such thing; check the project, the names and the location.${said}`;
  }
  if (isPassing(given)) return `BigQuery could not ${doing} now; try again later.${said}`;
  return `BigQuery could not ${doing}; correct what it names.${said}`;
}

/** What BigQuery said, on one line and of bounded length. */
function saidBy(message: string): string {
  const text = message
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500)
    .replace(/[.;:]+$/, '');
  return text === '' ? '' : ` It said: ${text}.`;
}
