import { askDoor, clientId } from '../connection/device-door.ts';
import { withSignInLock } from '../connection/sign-in-lock.ts';
import { readStoredConnection, writeStoredConnection } from '../connection/stored-connection.ts';
import { readEnvironment } from '../environment.ts';
import { CommandFailure, failed } from '../failure.ts';
import { printNotice } from '../output/streams.ts';

/** Ends the sign-in of this machine on the server, forgets the stored token, and keeps the server. */
export async function signOut(): Promise<void> {
  const { configFolder, token } = readEnvironment();
  const former = await forget(configFolder);
  if (former.token === undefined) printNotice('No token is stored.');
  else if (former.refreshToken === undefined) {
    printNotice('The token is forgotten; revoke it in the web app to end it.');
  } else await endAt(former.server ?? '', former.refreshToken);
  if (token !== undefined) printNotice('DA_TOKEN is set and still counts.');
}

/** Under the lock, so that no other process stores a next token behind our back. */
async function forget(configFolder: string) {
  const stored = await readStoredConnection(configFolder);
  if (stored.token === undefined) return stored;
  return withSignInLock(configFolder, async () => {
    const now = await readStoredConnection(configFolder);
    await writeStoredConnection(configFolder, { server: now.server });
    return now;
  });
}

async function endAt(server: string, refreshToken: string): Promise<void> {
  try {
    await askDoor(server, 'revoke', { client_id: clientId, token: refreshToken });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw failed(`The sign-in is forgotten here and not ended there: ${error.message} End the device in the web app.`);
  }
  printNotice(`Signed out of ${server}.`);
}
