import { failed } from '../failure.ts';
import { version } from '../version.ts';
import { unreachable } from './unreachable.ts';

const longestMilliseconds = 30_000;

/** What the server calls this program. */
export const clientId = 'da';

/** What a door for devices answers: what was asked for, or `error` with a sentence. */
export interface DoorAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends parameters to `/auth/device/<door>` of the server. Throws a `CommandFailure` when it is no such server. */
export async function askDoor(
  server: string,
  door: 'code' | 'token' | 'revoke',
  parameters: Record<string, string>,
): Promise<DoorAnswer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${server}/auth/device/${door}`, {
      method: 'POST',
      // A redirect must not carry a token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(longestMilliseconds),
      headers: { 'user-agent': `da/${version}`, accept: 'application/json' },
      body: new URLSearchParams(parameters),
    });
    text = await response.text();
  } catch (error) {
    throw unreachable(server, error);
  }
  const body = readObject(text);
  const understood = body && (response.status === 200 || typeof body['error'] === 'string');
  if (!understood) {
    throw failed(`${server} does not let devices in as Agnes does (HTTP ${response.status}); check the server’s URL.`);
  }
  return { status: response.status, body };
}

/** The tokens of an answer, as they are stored; null when it has none. */
export function tokensOf({ status, body }: DoorAnswer): DeviceTokens | null {
  const { access_token: token, refresh_token: refreshToken, expires_in: seconds } = body;
  if (status !== 200 || typeof token !== 'string' || typeof refreshToken !== 'string') return null;
  const endsAt = new Date(Date.now() + (typeof seconds === 'number' ? seconds : 0) * 1000).toISOString();
  return { token, refreshToken, tokenEndsAt: endsAt };
}

/** What a device proves itself with. */
export interface DeviceTokens {
  readonly token: string;
  readonly refreshToken: string;
  /** RFC 3339. */
  readonly tokenEndsAt: string;
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
