import { hostname } from 'node:os';
import type { GlobalOptions } from '../command.ts';
import { chooseServer, refuseExposure } from '../connection/connection.ts';
import { askDoor, clientId, tokensOf, type DeviceTokens, type DoorAnswer } from '../connection/device-door.ts';
import { withSignInLock } from '../connection/sign-in-lock.ts';
import { readStoredConnection, writeStoredConnection } from '../connection/stored-connection.ts';
import { readEnvironment } from '../environment.ts';
import { CommandFailure, exitCodes, failed } from '../failure.ts';
import { printJson, printNotice } from '../output/streams.ts';
import { openInBrowser } from './open-in-browser.ts';
import { readViewer } from './viewer.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const slowerSeconds = 5;
const reminderSeconds = 60;

export interface LogInOptions extends GlobalOptions {
  readonly open?: true;
  readonly json?: true;
}

/** Has a person let this machine in at the server's web page, and stores the tokens it is given. */
export async function logIn(options: LogInOptions): Promise<void> {
  const environment = readEnvironment();
  const stored = await readStoredConnection(environment.configFolder);
  const server = chooseServer(options, { environment, stored });
  refuseExposure(server, options);
  const request = readRequest(await askDoor(server, 'code', selfDescription()), server);
  printNotice(`Open ${request.page} in a browser and enter the code ${request.userCode}.`);
  if (options.open) openInBrowser(request.pageWithCode);
  const tokens = await waitForTokens(server, request);
  await withSignInLock(environment.configFolder, () =>
    writeStoredConnection(environment.configFolder, { server, ...tokens }),
  );
  const viewer = await readViewer({ server, token: tokens.token, tokenFrom: 'the token' });
  const { email, name, credential } = viewer;
  if (options.json) printJson({ server, email, name, credential: credential.kind });
  printNotice(`Signed in to ${server} as ${email}.`);
  if (stored.server === server && stored.refreshToken !== undefined) await endFormer(server, stored.refreshToken);
  if (environment.token !== undefined) printNotice('DA_TOKEN is set and wins over this sign-in.');
}

interface CodeRequest {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly page: string;
  readonly pageWithCode: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

function selfDescription(): Record<string, string> {
  const name = hostname()
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, 100);
  return { client_id: clientId, ...(name && { device_name: name }) };
}

function readRequest({ body }: DoorAnswer, server: string): CodeRequest {
  if (body['error'] !== undefined) throw failed(sentenceOf(body));
  const { device_code: deviceCode, user_code: userCode, verification_uri: page } = body;
  const { verification_uri_complete: complete, expires_in: expiresIn, interval } = body;
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof page !== 'string') {
    throw failed(`${server} does not let devices in as Agnes does; check the server’s URL.`);
  }
  return {
    deviceCode,
    userCode,
    page,
    pageWithCode: typeof complete === 'string' ? complete : page,
    expiresInSeconds: typeof expiresIn === 'number' ? expiresIn : 600,
    intervalSeconds: typeof interval === 'number' ? interval : 5,
  };
}

/** Asks until somebody has decided or the code has ended; a server that is away for a while is asked again. */
async function waitForTokens(server: string, request: CodeRequest): Promise<DeviceTokens> {
  const endsAt = Date.now() + request.expiresInSeconds * 1000;
  let waitSeconds = request.intervalSeconds;
  let remindAt = Date.now() + reminderSeconds * 1000;
  let failure = failed('The code has ended before anybody entered it; start again.');
  while (Date.now() + waitSeconds * 1000 < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
    const answer = await ask(server, request.deviceCode);
    const tokens = answer instanceof CommandFailure ? null : tokensOf(answer);
    if (tokens) return tokens;
    if (answer instanceof CommandFailure) failure = answer;
    else if (answer.body['error'] === 'slow_down') waitSeconds += slowerSeconds;
    else if (answer.body['error'] !== 'authorization_pending') throw refused(answer);
    if (Date.now() > remindAt) {
      remindAt += reminderSeconds * 1000;
      printNotice(`Waiting for the code ${request.userCode} at ${request.page}.`);
    }
  }
  throw failure;
}

async function ask(server: string, deviceCode: string): Promise<DoorAnswer | CommandFailure> {
  try {
    return await askDoor(server, 'token', { grant_type: deviceGrant, client_id: clientId, device_code: deviceCode });
  } catch (error) {
    if (error instanceof CommandFailure) return error;
    throw error;
  }
}

function refused({ body }: DoorAnswer): CommandFailure {
  if (body['error'] === 'access_denied') {
    return new CommandFailure(exitCodes.notAllowed, 'The sign-in was denied in the web app.');
  }
  return failed(sentenceOf(body));
}

function sentenceOf(body: DoorAnswer['body']): string {
  const told = body['error_description'];
  return typeof told === 'string' ? told : `The server refuses to let this machine in (${String(body['error'])}).`;
}

/** The sign-in before this one is of no use any more; when the server cannot be told, it ends by itself. */
async function endFormer(server: string, refreshToken: string): Promise<void> {
  await askDoor(server, 'revoke', { client_id: clientId, token: refreshToken }).catch(() => {});
}
