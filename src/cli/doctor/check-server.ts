import type { GlobalOptions } from '../command.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { request } from '../connection/request.ts';
import { unreachable } from '../connection/unreachable.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { checkOf, type Check } from '../output/checks.ts';
import { version } from '../version.ts';
import { openWorkspaceConnection } from '../workspace/open-workspace-connection.ts';

const DoctorServer = graphql(`
  query DoctorServer {
    instance {
      name
      version
    }
    viewer {
      email
    }
  }
`);

const mostSkewSeconds = 300;
const longestMilliseconds = 10_000;

/** Whether the server answers, fits and knows us, and whether both clocks tell the same time. */
export async function checkServer(options: GlobalOptions): Promise<Check[]> {
  const connection = await openWorkspaceConnection(options);
  const checks: Check[] = [];
  const { server } = connection;
  let serverTime: number;
  try {
    serverTime = await readServerTime(server);
  } catch (error) {
    return [checkOf('server', false, { found: '', todo: unreachable(server, error).message })];
  }
  let answer: ResultOf<typeof DoctorServer>;
  try {
    answer = await request(connection, DoctorServer);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const known = error.exitCode === exitCodes.notSignedIn;
    return [checkOf(known ? 'signed in' : 'server', false, { found: '', todo: error.message })];
  }
  const { instance, viewer } = answer;
  checks.push(checkOf('server', true, { found: `${instance?.name} answers at ${server}`, todo: '' }));
  const theirs = instance?.version ?? 'another one';
  const other = `The server is ${theirs}, da is ${version}; install the da of that version.`;
  checks.push(checkOf('version', theirs === version, { found: version, todo: other }));
  const email = viewer?.email ?? '';
  checks.push(checkOf('signed in', viewer != null, { found: email, todo: 'Nobody is signed in here: da auth login.' }));
  checks.push(checkClock(serverTime));
  return checks;
}

async function readServerTime(server: string): Promise<number> {
  const response = await fetch(`${server}/healthz`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(longestMilliseconds),
  });
  await response.arrayBuffer();
  return Date.parse(response.headers.get('date') ?? '');
}

/** A server that does not tell the time is taken to have ours. */
function checkClock(serverTime: number): Check {
  const seconds = Number.isNaN(serverTime) ? 0 : Math.round((Date.now() - serverTime) / 1000);
  const todo = `It is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the server’s: timedatectl set-ntp true.`;
  const found = 'as the server’s, within five minutes';
  return checkOf('clock', Math.abs(seconds) <= mostSkewSeconds, { found, todo });
}
