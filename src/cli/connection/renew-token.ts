import { askDoor, clientId, tokensOf } from './device-door.ts';
import { withSignInLock } from './sign-in-lock.ts';
import { readStoredConnection, writeStoredConnection, type StoredConnection } from './stored-connection.ts';

/** A token that ends within this time is replaced before it is used. */
const marginMilliseconds = 60_000;

/** Whether the stored token of a device has ended, or is about to. */
export function isEnding({ refreshToken, tokenEndsAt }: StoredConnection): boolean {
  if (refreshToken === undefined) return false;
  return tokenEndsAt === undefined || Date.parse(tokenEndsAt) - Date.now() < marginMilliseconds;
}

/**
 * The next token of a device in place of `old`, stored; the stored one where another process has replaced it already; null
 * when the server gives none any more, in which case what was stored is forgotten. One process at a time: a refresh token
 * that comes twice looks like theft and ends the sign-in.
 */
export function renewToken(folder: string, { server, old }: { server: string; old: string }): Promise<string | null> {
  return withSignInLock(folder, async () => {
    const stored = await readStoredConnection(folder);
    if (stored.server !== server || stored.token === undefined || stored.refreshToken === undefined) return null;
    if (stored.token !== old && !isEnding(stored)) return stored.token;
    const answer = await askDoor(server, 'token', {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: stored.refreshToken,
    });
    const tokens = tokensOf(answer);
    if (tokens) await writeStoredConnection(folder, { server, ...tokens });
    else if (answer.body['error'] === 'invalid_grant') await writeStoredConnection(folder, { server });
    return tokens?.token ?? null;
  });
}
