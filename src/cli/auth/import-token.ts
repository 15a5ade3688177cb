import type { GlobalOptions } from '../command.ts';
import { chooseServer, refuseExposure } from '../connection/connection.ts';
import { readStoredConnection, writeStoredConnection } from '../connection/stored-connection.ts';
import { readEnvironment } from '../environment.ts';
import { printNotice } from '../output/streams.ts';
import { readToken } from './read-token.ts';
import { readViewer } from './viewer.ts';

export interface ImportTokenOptions extends GlobalOptions {
  readonly tokenFile?: string;
}

/** Stores server and token once the server knows whose the token is; what was stored before stays until then. */
export async function importToken(options: ImportTokenOptions): Promise<void> {
  const environment = readEnvironment();
  const stored = await readStoredConnection(environment.configFolder);
  const server = chooseServer(options, { environment, stored });
  refuseExposure(server, options);
  const token = await readToken(options.tokenFile);
  const viewer = await readViewer({ server, token, tokenFrom: 'the token' });
  await writeStoredConnection(environment.configFolder, { server, token });
  const role = viewer.coreRole ? ` (${viewer.coreRole.key})` : ', who has no role yet';
  printNotice(`Signed in to ${server} as ${viewer.email}${role}.`);
  if (environment.token !== undefined) printNotice('DA_TOKEN is set and wins over the stored token.');
}
