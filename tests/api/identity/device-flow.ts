import type { RunningServer } from '../../../src/server/start-server.ts';
import { ask, type TestPerson } from '../../kit/server.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** An answer of the doors for devices. */
export interface DeviceAnswer {
  readonly status: number;
  readonly body: Record<string, string>;
}

/** Sends parameters to `/auth/device/<door>` as JSON. */
export async function toDoor(
  server: Pick<RunningServer, 'url'>,
  door: 'code' | 'token' | 'revoke',
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<DeviceAnswer> {
  const response = await fetch(`${server.url}/auth/device/${door}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(parameters),
  });
  return { status: response.status, body: (await response.json()) as DeviceAnswer['body'] };
}

/** A device begins to ask. */
export async function startDevice(server: Pick<RunningServer, 'url'>): Promise<DeviceAnswer['body']> {
  return (await toDoor(server, 'code', { client_id: 'da', device_name: 'laptop' })).body;
}

/** The device asks whether it is let in. */
export function poll(server: Pick<RunningServer, 'url'>, deviceCode: string): Promise<DeviceAnswer> {
  return toDoor(server, 'token', { grant_type: deviceGrant, client_id: 'da', device_code: deviceCode });
}

/** The device asks for its next tokens. */
export function refresh(
  server: Pick<RunningServer, 'url'>,
  refreshToken: string,
  headers?: Record<string, string>,
): Promise<DeviceAnswer> {
  const parameters = { grant_type: 'refresh_token', client_id: 'da', refresh_token: refreshToken };
  return toDoor(server, 'token', parameters, headers);
}

/** A device that this person lets in, from its question to its tokens. */
export async function letDeviceIn(
  server: Pick<RunningServer, 'url'>,
  person: TestPerson,
): Promise<DeviceAnswer['body']> {
  const { device_code: deviceCode, user_code: userCode } = await startDevice(server);
  await ask(server, {
    as: { session: person.session },
    query: 'mutation ($userCode: String!) { approveDevice(input: { userCode: $userCode }) { __typename } }',
    variables: { userCode },
  });
  return (await poll(server, deviceCode!)).body;
}
