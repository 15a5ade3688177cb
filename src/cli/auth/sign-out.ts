import { readStoredConnection, writeStoredConnection } from '../connection/stored-connection.ts';
import { readEnvironment } from '../environment.ts';
import { printNotice } from '../output/streams.ts';

/** Forgets the stored token and keeps the server. */
export async function signOut(): Promise<void> {
  const { configFolder, token } = readEnvironment();
  const stored = await readStoredConnection(configFolder);
  if (stored.token !== undefined) await writeStoredConnection(configFolder, { server: stored.server });
  printNotice(
    stored.token === undefined ? 'No token is stored.' : 'The token is forgotten; revoke it in the web app to end it.',
  );
  if (token !== undefined) printNotice('DA_TOKEN is set and still counts.');
}
