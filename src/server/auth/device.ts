import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TooManyAttemptsError } from '../../identity/attempts.ts';
import { DeviceGrantError, ReusedRefreshTokenError } from '../../identity/device-grant-error.ts';
import { endReusedFamily, refreshDevice, takeDeviceTokens } from '../../identity/device-grant.ts';
import { TooManyCodesError } from '../../identity/device-pace.ts';
import { pollSeconds, requestSeconds, shownUserCode, type DeviceTokens } from '../../identity/device.ts';
import { endOwnDevice } from '../../identity/end-device.ts';
import { noteRefusedDevice, type DeviceDoor } from '../../identity/note-refused-device.ts';
import { deviceSelf, requestDevice, TooManyDevicesError } from '../../identity/request-device.ts';
import { InvalidInputError, NotFoundError } from '../../kernel/errors.ts';
import { clientAddress, clientOf } from '../client-address.ts';
import type { Instance } from '../instance.ts';
import { runOperation } from '../../operation/define-operation.ts';
import type { AuthHandler } from './auth-handler.ts';
import { answerOAuth, OAuthError, readParameters } from './oauth.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** `POST /auth/device/code`: a device asks to be let in (RFC 8628, section 3.1). */
export const handleDeviceCode: AuthHandler = (request, response, instance) =>
  answerSafely({ instance, request, response, door: 'code' }, async () => {
    const parsed = deviceSelf.safeParse(await readParameters(request));
    if (!parsed.success) {
      throw new OAuthError(
        'invalid_request',
        'Send `client_id`, and `device_name` if there is one: short texts on one line.',
      );
    }
    const { client_id: clientId, device_name: deviceName = null } = parsed.data;
    const asked = { clientId, deviceName, address: clientAddress(instance, request) };
    const { request: made, deviceCode } = await requestDevice(instance.services, asked);
    const userCode = shownUserCode(made.userCode);
    const uri = `${instance.publicUrl}/device`;
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: uri,
      verification_uri_complete: `${uri}?code=${userCode}`,
      expires_in: requestSeconds,
      interval: pollSeconds,
    };
  });

/** `POST /auth/device/token`: a device takes its tokens, or its next ones (RFC 8628, section 3.4; RFC 6749, section 6). */
export const handleDeviceToken: AuthHandler = (request, response, instance) => {
  const exchange: DeviceExchange = { instance, request, response, door: 'deviceCode' };
  return answerSafely(exchange, async () => {
    const given = await readParameters(request);
    const { grant_type: grantType } = given;
    const clientId = demandParameter(given, 'client_id');
    if (grantType === deviceGrant) {
      const input = { deviceCode: demandParameter(given, 'device_code'), clientId };
      const take = () => runOperation(takeDeviceTokens, { input, ...nobodyAt(instance, request) });
      return answerOf(await slowly(exchange, take));
    }
    if (grantType === 'refresh_token') {
      exchange.door = 'refreshToken';
      const input = { refreshToken: demandParameter(given, 'refresh_token'), clientId };
      return answerOf(await slowly(exchange, () => refresh(instance, request, input)));
    }
    throw new OAuthError('unsupported_grant_type', `Send \`grant_type\`: ${deviceGrant} or refresh_token.`);
  });
};

/** `POST /auth/device/revoke`: a device ends itself by one of its tokens; an unknown one is as good as ended (RFC 7009). */
export const handleDeviceRevoke: AuthHandler = (request, response, instance) =>
  answerSafely({ instance, request, response, door: null }, async () => {
    const input = { token: demandParameter(await readParameters(request), 'token') };
    await runOperation(endOwnDevice, { input, ...nobodyAt(instance, request) }).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
    return {};
  });

async function refresh(
  instance: Instance,
  request: IncomingMessage,
  input: { refreshToken: string; clientId: string },
): Promise<DeviceTokens> {
  try {
    return await runOperation(refreshDevice, { input, ...nobodyAt(instance, request) });
  } catch (error) {
    if (error instanceof ReusedRefreshTokenError) {
      const { deviceId } = error;
      const address = clientAddress(instance, request);
      await runOperation(endReusedFamily, { input: { deviceId, address }, ...nobodyAt(instance, request) });
    }
    throw error;
  }
}

/** Tries what a device shows, unless too many tries from its address failed; to wait for a decision is no failure. */
async function slowly({ instance, request }: DeviceExchange, take: () => Promise<DeviceTokens>): Promise<DeviceTokens> {
  const { attempts } = instance.services;
  const attempt = { door: 'deviceToken', account: null, address: clientAddress(instance, request) };
  attempts.demand(attempt);
  try {
    const tokens = await take();
    attempts.succeeded(attempt);
    return tokens;
  } catch (error) {
    if (isUndecided(error)) attempts.succeeded(attempt);
    else attempts.failed(attempt);
    throw error;
  }
}

function isUndecided(error: unknown): boolean {
  return error instanceof DeviceGrantError && (error.error === 'authorization_pending' || error.error === 'slow_down');
}

function answerOf({ accessToken, refreshToken, expiresInSeconds }: DeviceTokens): Record<string, unknown> {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    refresh_token: refreshToken,
  };
}

function nobodyAt(instance: Instance, request: IncomingMessage) {
  const caller = { principal: null, requestId: randomUUID(), client: clientOf(instance, request) };
  return { services: instance.services, caller };
}

function demandParameter(given: Record<string, string>, name: string): string {
  const value = given[name];
  if (value) return value;
  throw new OAuthError('invalid_request', `Send \`${name}\`.`);
}

interface DeviceExchange {
  readonly instance: Instance;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Null where nobody is let in, so that nobody is refused. */
  door: DeviceDoor | null;
}

/** Answers what `work` gives, or its expected failure, which is audited; whatever else goes wrong is thrown on. */
async function answerSafely(exchange: DeviceExchange, work: () => Promise<Record<string, unknown>>): Promise<void> {
  const { response } = exchange;
  try {
    answerOAuth(response, 200, await work());
  } catch (error) {
    noteRefusal(exchange, error);
    const { status, error: word, message } = toldOf(error);
    if (error instanceof TooManyCodesError || error instanceof TooManyAttemptsError) {
      response.setHeader('Retry-After', Math.ceil(error.retryAfterSeconds));
    }
    answerOAuth(response, status, { error: word, error_description: message });
  }
}

/** A device that is to ask again is not refused; a refresh token that came twice is audited by the end of its family. */
function noteRefusal({ instance, request, response, door }: DeviceExchange, error: unknown): void {
  if (door === null || error instanceof ReusedRefreshTokenError) return;
  const reason = reasonOf(error);
  if (reason === null) return;
  const requestId = String(response.getHeader('X-Request-Id'));
  noteRefusedDevice(instance.services, { door, reason, client: clientOf(instance, request), requestId });
}

function reasonOf(error: unknown): string | null {
  if (error instanceof TooManyCodesError) return 'too many codes';
  if (error instanceof TooManyDevicesError) return 'too many devices';
  if (error instanceof TooManyAttemptsError) return 'too many tries';
  return error instanceof DeviceGrantError && !isUndecided(error) ? error.error : null;
}

function toldOf(error: unknown): Pick<OAuthError, 'status' | 'error' | 'message'> {
  if (error instanceof OAuthError) return error;
  if (error instanceof DeviceGrantError) return { status: 400, error: error.error, message: error.message };
  if (error instanceof InvalidInputError) return { status: 400, error: 'invalid_request', message: error.message };
  if (error instanceof TooManyCodesError || error instanceof TooManyAttemptsError) {
    return { status: 429, error: 'slow_down', message: error.message };
  }
  if (error instanceof TooManyDevicesError) {
    return { status: 503, error: 'temporarily_unavailable', message: error.message };
  }
  throw error;
}
