import type { GlobalOptions } from '../command.ts';
import { readEnvironment, type Environment } from '../environment.ts';
import { wrongUsage } from '../failure.ts';
import { beginUpdateCheck } from '../update/update-check.ts';
import { isEnding, renewToken } from './renew-token.ts';
import { defaultServer, isExposed, parseServerUrl } from './server-url.ts';
import { readStoredConnection, type StoredConnection } from './stored-connection.ts';

/** Which server to ask, and as whom. */
export interface Connection {
  /** Base URL without a slash at its end. */
  readonly server: string;
  readonly token: string | undefined;
  /** Where the token comes from, as a sentence names it. */
  readonly tokenFrom: 'DA_TOKEN' | 'the stored token' | 'the token' | undefined;
  /** Another token when this one has ended; null when there is none. Absent: this one is all there is. */
  renew?(): Promise<string | null>;
}

/** The server and token that count: `--server`, then the environment, then what is stored, then this machine. */
export async function openConnection(options: GlobalOptions): Promise<Connection> {
  const environment = readEnvironment();
  const stored = await readStoredConnection(environment.configFolder);
  const server = chooseServer(options, { environment, stored });
  beginUpdateCheck(server);
  const chosen = { server, ...chooseToken(server, { environment, stored }) };
  if (chosen.token === undefined) return chosen;
  refuseExposure(server, options);
  const renews = chosen.tokenFrom === 'the stored token' && stored.refreshToken !== undefined;
  return renews ? renewing(chosen as SignedConnection, { folder: environment.configFolder, stored }) : chosen;
}

interface SignedConnection extends Connection {
  token: string;
}

/** A connection of a device: its token is fresh now, and is replaced when the server takes it no more. */
async function renewing(
  chosen: SignedConnection,
  { folder, stored }: { folder: string; stored: StoredConnection },
): Promise<Connection> {
  const connection = {
    ...chosen,
    async renew(): Promise<string | null> {
      const token = await renewToken(folder, { server: chosen.server, old: connection.token });
      if (token !== null) connection.token = token;
      return token;
    },
  };
  // Where there is no next token, the request says so.
  if (isEnding(stored)) await connection.renew();
  return connection;
}

interface Given {
  readonly environment: Environment;
  readonly stored: StoredConnection;
}

/** The base URL of the server that counts. */
export function chooseServer(options: GlobalOptions, { environment, stored }: Given): string {
  if (options.server !== undefined) return parseServerUrl(options.server, '--server');
  if (environment.server !== undefined) return parseServerUrl(environment.server, 'DA_SERVER');
  return stored.server === undefined ? defaultServer : parseServerUrl(stored.server, 'The stored server');
}

/** A stored token belongs to the server it was checked against and goes to no other. */
function chooseToken(server: string, { environment, stored }: Given): Pick<Connection, 'token' | 'tokenFrom'> {
  if (environment.token !== undefined) return { token: environment.token, tokenFrom: 'DA_TOKEN' };
  if (stored.token !== undefined && stored.server === server)
    return { token: stored.token, tokenFrom: 'the stored token' };
  return { token: undefined, tokenFrom: undefined };
}

/** Throws when a token would travel readable to all, unless the person accepts that. */
export function refuseExposure(server: string, { insecure }: GlobalOptions): void {
  if (insecure || !isExposed(server)) return;
  throw wrongUsage(`${server} is plain http, so others could read the token on its way; use https, or add --insecure.`);
}
