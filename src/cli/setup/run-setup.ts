import type { GlobalOptions } from '../command.ts';
import { payloadOf } from '../connection/answer.ts';
import { chooseServer, openConnection, refuseExposure, type Connection } from '../connection/connection.ts';
import { request } from '../connection/request.ts';
import { parseServerUrl } from '../connection/server-url.ts';
import { readStoredConnection } from '../connection/stored-connection.ts';
import { readEnvironment } from '../environment.ts';
import { CommandFailure, failed, wrongUsage } from '../failure.ts';
import { readViewer } from '../auth/viewer.ts';
import { printNotice } from '../output/streams.ts';
import { completeInstance, completeSource, findMissing, type SetupFacts } from './complete-plan.ts';
import { connectSource } from './connect-source.ts';
import { ConfigureInstance, SetSecret, SetupNeeded, SetupState } from './documents.ts';
import { makeFirstAdministrator } from './first-administrator.ts';
import { readPlan, type PlanOptions, type SetupPlan } from './plan.ts';
import { openPrompt, type Prompt } from './prompt.ts';

/**
 * Sets an instance up: the first administrator, its name and sign-in, secrets, a source, its tables and their rows. What is done
 * already is left as it is; on a terminal what is missing is asked for, elsewhere it is a failure before anything is done.
 */
export async function runSetup(options: GlobalOptions & PlanOptions): Promise<void> {
  const given = await readPlan(options);
  const prompt = openPrompt();
  const plan = await withLink(given, prompt);
  const server = await serverOf(plan, options);
  const { instance } = await request({ server, token: undefined, tokenFrom: undefined }, SetupNeeded);
  if (!instance) throw failed(`${server} does not answer as Agnes does; check the server’s URL.`);
  if (!prompt) refuseGaps(plan, instance.setupNeeded ? emptyInstance : await readFacts(await signedIn(options)));
  const connection = instance.setupNeeded
    ? await makeAdministrator(server, { plan, prompt, options })
    : await signedIn(options);
  const facts = await readFacts(connection);
  const configured = await configure(connection, { plan, facts, prompt });
  const complete = prompt ? await completeSource(configured, { facts, prompt }) : configured;
  await keepSecrets(connection, complete.secrets, configured.secrets);
  await connectSource(connection, { plan: complete, prompt });
  printNotice('`da setup verify` looks whether everything works.');
}

const emptyInstance: SetupFacts = {
  setupNeeded: true,
  done: new Set(),
  mayAskFor: { domains: false, providers: false },
  connectors: [],
  secrets: [],
  sources: [],
};

function refuseGaps(plan: SetupPlan, facts: SetupFacts): void {
  const missing = findMissing(plan, facts);
  if (missing.length === 0) return;
  throw wrongUsage(`Without a terminal this has to be said by options or by --file: ${missing.join(', ')}.`);
}

/** On a terminal the link may be pasted, when no server is named that somebody administers. */
async function withLink(plan: SetupPlan, prompt: Prompt | null): Promise<SetupPlan> {
  if (plan.link !== undefined || prompt === null) return plan;
  const { token, server } = await readStoredConnection(readEnvironment().configFolder);
  if (token !== undefined || server !== undefined || readEnvironment().token !== undefined) return plan;
  const link = await prompt.secret(
    'Paste the setup link from the server’s log, or press Enter if there is an administrator',
  );
  return link.trim() === '' ? plan : { ...plan, link: link.trim() };
}

async function serverOf(plan: SetupPlan, options: GlobalOptions): Promise<string> {
  const environment = readEnvironment();
  if (plan.link === undefined || options.server !== undefined) {
    return chooseServer(options, { environment, stored: await readStoredConnection(environment.configFolder) });
  }
  const [address = ''] = plan.link.split('/setup#');
  return parseServerUrl(address, 'The setup link');
}

async function signedIn(options: GlobalOptions): Promise<Connection> {
  const connection = await openConnection(options);
  await readViewer(connection);
  return connection;
}

async function makeAdministrator(
  server: string,
  { plan, prompt, options }: { plan: SetupPlan; prompt: Prompt | null; options: GlobalOptions },
): Promise<Connection> {
  refuseExposure(server, options);
  const [, ofLink = ''] = (plan.link ?? '').split('#');
  const secret = ofLink || ((await prompt?.secret('The setup link from the server’s log'))?.split('#')[1] ?? '');
  if (secret === '')
    throw wrongUsage('Nobody administers this server yet; give its setup link whole, with what follows #.');
  for (;;) {
    const email = plan.email ?? (await prompt!.line('Your e-mail address'));
    const name = (plan.personName ?? (await prompt?.line('Your name')) ?? '') || null;
    const password = plan.password ?? (await prompt!.secret('A password of at least 12 characters'));
    try {
      return await makeFirstAdministrator(server, { secret, email, name, password });
    } catch (error) {
      const said = plan.email !== undefined && plan.password !== undefined;
      if (!prompt || said || !(error instanceof CommandFailure) || error.exitCode !== 2) throw error;
      prompt.say(error.message);
    }
  }
}

async function readFacts(connection: Connection): Promise<SetupFacts> {
  const { instance, connectors, sources } = await request(connection, SetupState);
  const steps = instance?.setup?.steps ?? [];
  const configuration = instance?.configuration;
  return {
    setupNeeded: false,
    done: new Set(steps.filter(({ done }) => done).map(({ step }) => step)),
    mayAskFor: {
      domains: configuration?.allowedDomainsFixedBy === null && configuration.allowedDomains.length === 0,
      providers: configuration?.providersFixedBy === null && configuration.providers.length === 0,
    },
    connectors: connectors ?? [],
    secrets: instance?.secrets ?? [],
    sources: sources ?? [],
  };
}

/** Asks for name and sign-in and sets them; what the server refuses is asked for again, and what it takes is not. */
async function configure(
  connection: Connection,
  { plan, facts, prompt }: { plan: SetupPlan; facts: SetupFacts; prompt: Prompt | null },
): Promise<SetupPlan> {
  for (let given = plan; ;) {
    const complete = prompt ? await completeInstance(given, { facts, prompt }) : given;
    try {
      await configureInstance(connection, complete);
      await keepSecrets(connection, complete.secrets);
      return complete;
    } catch (error) {
      const next =
        prompt && error instanceof CommandFailure && error.exitCode === 2 && withoutFaulty(complete, { error, plan });
      if (!next || saysTheSame(next, plan, complete)) throw error;
      prompt.say(error.message);
      given = next;
    }
  }
}

const askedKeys = ['name', 'allowedDomains', 'providers'] as const;

/** The plan without the answers that this refusal names; the secret of a provider goes with it. */
function withoutFaulty(complete: SetupPlan, { error, plan }: { error: CommandFailure; plan: SetupPlan }): SetupPlan {
  const faulty = askedKeys.filter((key) => new RegExp(`(^|; )${key}\\b`).test(error.message));
  const secrets = faulty.includes('providers') ? plan.secrets : complete.secrets;
  return { ...complete, secrets, ...Object.fromEntries(faulty.map((key) => [key, undefined])) };
}

/** Whether a person could not answer otherwise: what was refused was said beforehand, or is none of what is asked for. */
function saysTheSame(next: SetupPlan, plan: SetupPlan, refused: SetupPlan): boolean {
  return askedKeys.every((key) => next[key] === refused[key] || plan[key] !== undefined);
}

async function configureInstance(connection: Connection, plan: SetupPlan): Promise<void> {
  const { name, allowedDomains, providers } = plan;
  if (name !== undefined || allowedDomains !== undefined || providers !== undefined) {
    const input = {
      name,
      allowedDomains: allowedDomains && [...allowedDomains],
      providers: providers && [...providers],
    };
    const result = await request(connection, ConfigureInstance, { input });
    const { instance } = payloadOf(result.configureInstance, 'ConfigureInstancePayload');
    printNotice(`The instance is called ${instance.name}.`);
  }
}

/** Sets secrets, but those that are set already. */
async function keepSecrets(
  connection: Connection,
  secrets: SetupPlan['secrets'],
  kept: SetupPlan['secrets'] = {},
): Promise<void> {
  for (const [secret, value] of Object.entries(secrets)) {
    if (kept[secret] === value) continue;
    const result = await request(connection, SetSecret, { input: { name: secret, value } });
    payloadOf(result.setSecret, 'SetSecretPayload');
    printNotice(`The secret ${secret} is set.`);
  }
}
