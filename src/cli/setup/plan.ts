import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { wrongUsage } from '../failure.ts';
import { readJsonObject } from '../registry/json-object.ts';

/**
 * What `--file` may say: what INSTANCE_CONFIG takes, and the rest of a setup. Secrets stand in files of their own. The package
 * is loaded here, so that no other command waits for it.
 */
async function setupFileShape() {
  const { z: shapes } = await import('zod');
  const text = shapes.string();
  const provider = shapes.strictObject({
    id: text,
    label: text,
    issuer: text,
    clientId: text,
    clientSecretEnv: text,
    groupsClaim: text.optional(),
    allowedDomains: shapes.array(text).optional(),
  });
  return shapes.strictObject({
    name: text.optional(),
    signIn: shapes
      .strictObject({ allowedDomains: shapes.array(text).optional(), providers: shapes.array(provider).optional() })
      .nullish(),
    administrator: shapes
      .strictObject({
        linkFile: text.optional(),
        email: text.optional(),
        name: text.optional(),
        passwordFile: text.optional(),
      })
      .optional(),
    secretFiles: shapes.record(text, text).optional(),
    source: shapes
      .strictObject({ name: text, connector: text, config: shapes.record(text, shapes.unknown()) })
      .optional(),
    tables: shapes.union([shapes.literal('all'), shapes.array(text)]).optional(),
    skip: shapes.array(shapes.enum(['name', 'source'])).optional(),
  });
}

type SetupFile = z.infer<Awaited<ReturnType<typeof setupFileShape>>>;
type Providers = NonNullable<NonNullable<SetupFile['signIn']>['providers']>;

/** What is to be set up, as far as it was said; what is undefined was not. */
export interface SetupPlan {
  readonly link: string | undefined;
  readonly email: string | undefined;
  readonly personName: string | undefined;
  readonly password: string | undefined;
  readonly name: string | undefined;
  readonly allowedDomains: readonly string[] | undefined;
  readonly providers: Readonly<Providers> | undefined;
  readonly secrets: Readonly<Record<string, string>>;
  readonly sourceName: string | undefined;
  readonly connector: string | undefined;
  readonly config: Record<string, unknown> | undefined;
  readonly tables: 'all' | readonly string[] | undefined;
  readonly skip: readonly string[];
}

/** What the command line can say of a setup. */
export interface PlanOptions {
  readonly file?: string;
  readonly linkFile?: string;
  readonly email?: string;
  readonly personName?: string;
  readonly passwordFile?: string;
  readonly name?: string;
  readonly allowedDomains?: string;
  readonly secretFile?: readonly string[];
  readonly source?: string;
  readonly connector?: string;
  readonly config?: string;
  readonly tables?: string;
  readonly skip?: string;
}

/** Reads options and file; what an option says wins. Throws for what cannot be read or is no setup. */
export async function readPlan(options: PlanOptions): Promise<SetupPlan> {
  const file = options.file === undefined ? {} : await readSetupFile(options.file);
  const folder = options.file === undefined ? '.' : dirname(options.file);
  const { administrator } = file;
  const ofFile = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  return {
    link: await readLine(options.linkFile ?? ofFile(administrator?.linkFile)),
    email: options.email ?? administrator?.email,
    personName: options.personName ?? administrator?.name,
    password: await readLine(options.passwordFile ?? ofFile(administrator?.passwordFile)),
    name: options.name ?? file.name,
    allowedDomains: options.allowedDomains === undefined ? file.signIn?.allowedDomains : listOf(options.allowedDomains),
    providers: file.signIn?.providers,
    secrets: await readSecrets(options.secretFile ?? [], { folder, ofFile: file.secretFiles ?? {} }),
    sourceName: options.source ?? file.source?.name,
    connector: options.connector ?? file.source?.connector,
    config: options.config === undefined ? file.source?.config : await readJsonObject(options.config, '--config'),
    tables: options.tables === undefined ? file.tables : tablesOf(options.tables),
    skip: options.skip === undefined ? (file.skip ?? []) : skipped(options.skip),
  };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function tablesOf(text: string): 'all' | string[] {
  return text.trim() === 'all' ? 'all' : listOf(text);
}

function skipped(text: string): string[] {
  const steps = listOf(text);
  const unknown = steps.find((step) => step !== 'name' && step !== 'source');
  if (unknown !== undefined) throw wrongUsage(`--skip takes name and source, not ${unknown}.`);
  return steps;
}

async function readSetupFile(path: string): Promise<SetupFile> {
  let value: unknown;
  try {
    const { parse } = await import('yaml');
    value = parse(await readFile(path, 'utf8')) ?? {};
  } catch (error) {
    throw wrongUsage(`${path} cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
  const parsed = (await setupFileShape()).safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path: place, message }) => `  - ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}`,
  );
  throw wrongUsage(`${path} is not a setup:\n${faults.join('\n')}`);
}

async function readSecrets(
  options: readonly string[],
  { folder, ofFile }: { folder: string; ofFile: Readonly<Record<string, string>> },
): Promise<Record<string, string>> {
  const places = Object.entries(ofFile).map(([name, path]) => [name, resolve(folder, path)] as const);
  for (const option of options) {
    const [, name, path] = /^([^=]+)=(.+)$/.exec(option) ?? [];
    if (name === undefined || path === undefined) throw wrongUsage('Write --secret-file NAME=<file>.');
    places.push([name, path]);
  }
  const secrets = places.map(async ([name, path]) => [name, (await readLine(path)) ?? ''] as const);
  return Object.fromEntries(await Promise.all(secrets));
}

/** The text of a file without the line break at its end. */
async function readLine(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw wrongUsage(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
