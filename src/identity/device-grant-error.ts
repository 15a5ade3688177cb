import { Failure } from '../kernel/errors.ts';

const sentences = {
  authorization_pending: 'Nobody has decided yet; ask again after the interval.',
  slow_down: 'Ask less often: from now on wait 5 seconds longer.',
  expired_token: 'Nobody decided in time; start again.',
  access_denied: 'Somebody denied it.',
  invalid_grant: 'The code or the token is not valid, or no longer; sign in again.',
} as const;

/** A device gets no tokens, for the reason that RFC 6749 or RFC 8628 has a word for. */
export class DeviceGrantError extends Failure {
  readonly code = 'DEVICE_GRANT_REFUSED';
  readonly error: keyof typeof sentences;

  constructor(error: keyof typeof sentences) {
    super(sentences[error]);
    this.error = error;
  }
}

/** A refresh token came a second time; its family must be ended. */
export class ReusedRefreshTokenError extends DeviceGrantError {
  readonly deviceId: string;

  constructor(deviceId: string) {
    super('invalid_grant');
    this.deviceId = deviceId;
  }
}
