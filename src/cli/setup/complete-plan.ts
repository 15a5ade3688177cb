import { completeSignIn } from './complete-sign-in.ts';
import type { SetupPlan } from './plan.ts';
import type { SetupState } from './documents.ts';
import type { Prompt } from './prompt.ts';

/** What the server says of how far it is set up. */
export interface SetupFacts {
  readonly setupNeeded: boolean;
  readonly done: ReadonlySet<string>;
  /** What of sign-in nobody said yet, and may be said here. */
  readonly mayAskFor: { readonly domains: boolean; readonly providers: boolean };
  readonly connectors: NonNullable<SetupState['connectors']>;
  readonly secrets: readonly { name: string; isSet: boolean; fixedByEnvironment: boolean }[];
  readonly sources: readonly { name: string; connector: string }[];
}

/** The options that would have to be given for what is not done and was not said. */
export function findMissing(plan: SetupPlan, facts: SetupFacts): string[] {
  const needs: [boolean, string, unknown][] = [
    [facts.setupNeeded, '--link-file', plan.link],
    [facts.setupNeeded, '--email', plan.email],
    [facts.setupNeeded, '--password-file', plan.password],
    [!facts.done.has('NAME') && !plan.skip.includes('name'), '--name (or --skip name)', plan.name],
  ];
  const wantsSource = !plan.skip.includes('source') && !(facts.done.has('SYNC') && plan.sourceName === undefined);
  needs.push(
    [wantsSource, '--source (or --skip source)', plan.sourceName],
    [wantsSource && !knows(facts, plan.sourceName), '--connector', plan.connector],
    [wantsSource && !knows(facts, plan.sourceName), '--config', plan.config],
    [wantsSource, '--tables', plan.tables],
  );
  return needs.flatMap(([needed, option, value]) => (needed && value === undefined ? [option] : []));
}

function knows({ sources }: SetupFacts, name: string | undefined): boolean {
  return sources.some((source) => source.name === name);
}

/** The plan with the name and the sign-in that the person at the terminal says. */
export async function completeInstance(
  given: SetupPlan,
  { facts, prompt }: { facts: SetupFacts; prompt: Prompt },
): Promise<SetupPlan> {
  const name = given.name ?? (await askName(given, { facts, prompt }));
  return { ...(await completeSignIn(given, { facts, prompt })), name };
}

/** The plan with the source that the person at the terminal says, and its secrets. */
export async function completeSource(
  plan: SetupPlan,
  { facts, prompt }: { facts: SetupFacts; prompt: Prompt },
): Promise<SetupPlan> {
  const wantsSource = !plan.skip.includes('source') && (plan.sourceName !== undefined || !facts.done.has('SYNC'));
  if (!wantsSource) return { ...plan, sourceName: undefined };
  const known = facts.sources.map((source) => source.name).join(', ');
  const question = known === '' ? 'Name of the first source, such as shop' : `Which source (${known}), or a new name`;
  const sourceName = plan.sourceName ?? (await prompt.line(`${question}; empty leaves it for later`));
  if (sourceName === '') return { ...plan, sourceName: undefined };
  if (knows(facts, sourceName)) return { ...plan, sourceName };
  const kinds = facts.connectors.map(({ kind }) => kind);
  const connector =
    plan.connector ??
    (await prompt.line(
      `Connector (${kinds.join(', ')})`,
      kinds.find((k) => k === 'files'),
    ));
  const needed = facts.connectors.find(({ kind }) => kind === connector)?.secrets ?? [];
  const secrets = { ...plan.secrets };
  for (const { name: secret, isSet } of facts.secrets.filter(({ name: each }) => needed.includes(each))) {
    if (isSet || secrets[secret] !== undefined) continue;
    const value = await prompt.secret(`The secret ${secret}; empty leaves it`);
    if (value !== '') secrets[secret] = value;
  }
  return {
    ...plan,
    sourceName,
    connector,
    secrets,
    config: plan.config ?? (await askConfig({ facts, connector, prompt })),
  };
}

async function askName(
  plan: SetupPlan,
  { facts, prompt }: { facts: SetupFacts; prompt: Prompt },
): Promise<string | undefined> {
  if (facts.done.has('NAME') || plan.skip.includes('name')) return undefined;
  return (await prompt.line('Name of this instance; empty leaves it')) || undefined;
}

/** Asks for each field of the connector's schema. */
export async function askConfig(given: {
  facts: Pick<SetupFacts, 'connectors'>;
  connector: string;
  prompt: Prompt;
}): Promise<Record<string, unknown>> {
  const { facts, connector, prompt } = given;
  const schema = facts.connectors.find(({ kind }) => kind === connector)?.configSchema as SchemaText;
  const config: Record<string, unknown> = {};
  for (const [field, { type, description }] of Object.entries(schema?.properties ?? {})) {
    const optional = schema?.required?.includes(field) ? '' : '; empty leaves it out';
    const typed = await prompt.line(`${field}${description ? ` (${description})` : ''}${optional}`);
    if (typed !== '') config[field] = type === 'string' ? typed : valueOf(typed);
  }
  return config;
}

type SchemaText =
  | { properties?: Record<string, { type?: string; description?: string }>; required?: string[] }
  | null
  | undefined;

/** What is not text is typed as JSON; what is not JSON is left to the server to refuse. */
function valueOf(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}
