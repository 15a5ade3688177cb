import type { GlobalOptions } from '../command.ts';
import { openConnection, type Connection } from '../connection/connection.ts';
import { graphql, type ResultOf } from '../connection/graphql.ts';
import { allItems } from '../connection/pages.ts';
import { request } from '../connection/request.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { checkOf, printChecks, type Check } from '../output/checks.ts';
import { version } from '../version.ts';

/** How long after its turn a table may wait before it counts as old: runs queue behind each other. */
const graceMinutes = 30;

const VerifyServer = graphql(`
  query VerifyServer {
    instance {
      name
      version
      setupNeeded
    }
    viewer {
      email
      effectiveRoles {
        role {
          key
        }
      }
    }
  }
`);

const VerifyInstance = graphql(`
  query VerifyInstance {
    instance {
      setup {
        steps {
          step
          todo
        }
      }
      configuration {
        faults {
          key
          message
        }
      }
    }
    sources {
      name
      tables {
        id
      }
    }
  }
`);

const VerifySource = graphql(`
  query VerifySource($source: String!) {
    checkSource(source: $source) {
      ok
      fault
    }
  }
`);

const VerifyTables = graphql(`
  query VerifyTables($after: String) {
    tables(first: 500, after: $after) {
      edges {
        node {
          sqlName
          nextDueAt
          syncState {
            status
            lastSync
            error
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type VerifiedTable = NonNullable<ResultOf<typeof VerifyTables>['tables']>['edges'][number]['node'];

/** Prints each check and what to do about it; the exit code is 0 when all are well, 1 otherwise. */
export async function verifySetup(options: GlobalOptions & { json?: true }): Promise<void> {
  printChecks(await collect(options), options);
}

async function collect(options: GlobalOptions): Promise<Check[]> {
  const connection = await openConnection(options);
  const { checks, mayGoOn } = await checkServer(connection);
  if (!mayGoOn) return checks;
  const { instance, sources } = await request(connection, VerifyInstance);
  const configuration = [
    ...(instance?.configuration?.faults ?? []).map(({ message }) => message),
    ...(instance?.setup?.steps ?? []).flatMap(({ step, todo }) => (step === 'SIGN_IN' && todo ? [todo] : [])),
  ];
  checks.push(checkOf('configuration', configuration.length === 0, { found: 'usable', todo: configuration.join(' ') }));
  if (sources?.length === 0)
    checks.push(checkOf('sources', false, { found: 'There is none.', todo: 'Connect one: da setup.' }));
  for (const { name, tables } of sources ?? []) {
    const { checkSource } = await request(connection, VerifySource, { source: name });
    const fault = checkSource === null ? 'It is gone.' : checkSource.fault;
    const todo = `${fault ?? ''} Mend the system, or the configuration: da admin source update ${name}.`;
    checks.push(checkOf(`source ${name}`, fault === null, { found: 'reached', todo }));
    const found = tables.length === 1 ? '1 table' : `${tables.length} tables`;
    const none = `Register some: da admin table register-all ${name}.`;
    checks.push(checkOf(`tables of ${name}`, tables.length > 0, { found, todo: none }));
  }
  const tables = allItems(async (after) => (await request(connection, VerifyTables, { after })).tables);
  for await (const table of tables) checks.push(checkTable(table));
  return checks;
}

/** Whether the server answers, fits, and knows us as an administrator: without that nothing else can be looked at. */
async function checkServer(connection: Connection): Promise<{ checks: Check[]; mayGoOn: boolean }> {
  const { server } = connection;
  const checks: Check[] = [];
  let answer: ResultOf<typeof VerifyServer>;
  try {
    answer = await request(connection, VerifyServer);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const known = error.exitCode === exitCodes.notSignedIn;
    return {
      checks: [checkOf(known ? 'signed in' : 'server', false, { found: '', todo: error.message })],
      mayGoOn: false,
    };
  }
  const theirs = answer.instance?.version ?? '';
  checks.push(checkOf('server', true, { found: `${answer.instance?.name} answers at ${server}`, todo: '' }));
  const other = `The server is ${theirs}, da is ${version}; use the same version.`;
  checks.push(checkOf('version', theirs === version, { found: theirs, todo: other }));
  if (answer.instance?.setupNeeded) {
    const todo = 'Nobody administers it; make the first administrator: da setup.';
    checks.push(checkOf('administrator', false, { found: '', todo }));
    return { checks, mayGoOn: false };
  }
  const isAdmin = answer.viewer?.effectiveRoles.some(({ role }) => role.key === 'core.admin') ?? false;
  const todo = answer.viewer
    ? `${answer.viewer.email} lacks the role core.admin; ask an administrator to grant it.`
    : 'Nobody is signed in here: da auth login.';
  checks.push(checkOf('signed in', isAdmin, { found: `${answer.viewer?.email}, an administrator`, todo }));
  return { checks, mayGoOn: isAdmin };
}

function checkTable({ sqlName, nextDueAt, syncState }: VerifiedTable): Check {
  const { status, lastSync, error } = syncState;
  const check = `table ${sqlName}`;
  const source = sqlName.split('.')[0];
  if (status === 'FAILED') {
    return checkOf(check, false, {
      found: '',
      todo: `Its last sync failed: ${error} Mend it and sync again: da sync start.`,
    });
  }
  if (lastSync === null) {
    return checkOf(check, false, { found: '', todo: `It was never synced: da sync start ${source}.` });
  }
  const lateMinutes = nextDueAt === null ? 0 : (Date.now() - Date.parse(nextDueAt)) / 60_000;
  const todo = `It was due at ${nextDueAt} and is not synced since; look at da sync list.`;
  return checkOf(check, lateMinutes <= graceMinutes, { found: `synced at ${lastSync}`, todo });
}
