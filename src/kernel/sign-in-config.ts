import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** A provider before it is known whom the instance allows. */
export interface ConfiguredProvider extends Omit<SignInProvider, 'allowedDomains'> {
  /** Null: those of the instance. */
  readonly allowedDomains: readonly string[] | null;
  /** The variable that holds its secret. */
  readonly clientSecretEnv: string;
  /** The key that fixes it; null: it is set up in the program. */
  readonly fixedBy: 'OIDC_ISSUER' | 'GOOGLE_CLIENT_ID' | 'INSTANCE_CONFIG' | null;
}

/** What the operator fixed, so that nobody changes it in the program. */
export interface FixedSettings {
  /** `name` of INSTANCE_CONFIG. */
  readonly name: string | null;
  /** Whom people ask for a role: an e-mail address or a link; null: nobody is named. */
  readonly contact: { readonly address: string; readonly by: 'INSTANCE_CONTACT' | 'INSTANCE_CONFIG' } | null;
  readonly allowedDomains: {
    readonly domains: readonly string[];
    readonly by: 'ALLOWED_EMAIL_DOMAINS' | 'INSTANCE_CONFIG';
  } | null;
  /** Those of the environment first. */
  readonly providers: readonly ConfiguredProvider[];
  /** Whether INSTANCE_CONFIG has `signIn.providers`: then there are no others but those and the environment’s. */
  readonly fileHasProviders: boolean;
}

/** An issuer that signs people in, as the operator configured it. */
export interface SignInProvider {
  /** Stands in addresses and beside the groups that this provider names. */
  readonly id: string;
  /** What the button calls it. */
  readonly label: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The claim that holds the groups; null: it says nothing of groups. */
  readonly groupsClaim: string | null;
  /** E-mail domains whose people may come in for the first time, in lower case; none: nobody new. */
  readonly allowedDomains: readonly string[];
  /** What it does besides what every issuer does. */
  readonly profile: 'oidc' | 'google';
}

const googleIssuer = 'https://accounts.google.com';
const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);
const domainPattern = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** An e-mail domain, in lower case. */
export const emailDomain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(domainPattern, 'This is not a domain; write example.com, without @ and without *.');

/** E-mail domains separated by commas. */
export const emailDomains = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(emailDomain));

/** The address of an issuer: https, or http on this machine. */
export const issuerAddress = z
  .url({ protocol: /^https?$/, error: 'This is not the address of an issuer; write https://login.example.com.' })
  .refine(
    (text) => !URL.canParse(text) || isSafe(new URL(text)),
    'An issuer is reached by https, except on this machine.',
  )
  .refine((text) => !/[?#]/.test(text), 'The address of an issuer has no ? and no #.');

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || loopbackHosts.has(hostname);
}

const providerId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, 'An id is 1 to 30 lower-case letters, digits and hyphens, and begins with a letter.')
  .refine((id) => id !== 'development', 'This id is taken by development mode.');

/** What an instance is called: one line of text. */
export const instanceName = z
  .string()
  .trim()
  .min(1, 'A name is not empty.')
  .max(60, 'A name has at most 60 characters.')
  .regex(/^\P{C}*$/u, 'A name is one line of text.');

/** Whom people ask for a role: an e-mail address, or a link to a page or a form. */
export const instanceContact = z
  .string()
  .trim()
  .max(500, 'A contact has at most 500 characters.')
  .refine(
    (text) => isMailAddress(text) || isWebLink(text),
    'Write an e-mail address such as data@example.com, or a link such as https://help.example.com.',
  );

function isMailAddress(text: string): boolean {
  return z.email().safeParse(text).success;
}

function isWebLink(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}

/** A provider as INSTANCE_CONFIG names it. */
export const providerEntry = z.strictObject({
  id: providerId,
  label: z.string().trim().min(1, 'A label is not empty.').max(60, 'A label has at most 60 characters.'),
  issuer: issuerAddress,
  clientId: z.string().min(1, 'A client id is not empty.'),
  clientSecretEnv: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, 'Write the name of an environment variable, never the secret itself.'),
  groupsClaim: z.string().min(1, 'A claim is not empty.').optional(),
  allowedDomains: z.array(emailDomain).optional(),
});

/** A provider as INSTANCE_CONFIG names it. */
export type ProviderEntry = z.infer<typeof providerEntry>;

const instanceFile = z.strictObject({
  name: instanceName.optional(),
  contact: instanceContact.optional(),
  signIn: z
    .strictObject({
      allowedDomains: z.array(emailDomain).optional(),
      providers: z.array(providerEntry).optional(),
    })
    .nullish(),
});

/** What the environment says about signing in, parsed. */
export interface SignInKeys {
  readonly INSTANCE_CONFIG?: string | undefined;
  readonly INSTANCE_CONTACT?: string | undefined;
  readonly ALLOWED_EMAIL_DOMAINS?: readonly string[] | undefined;
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_GROUPS_CLAIM?: string | undefined;
  readonly GOOGLE_CLIENT_ID?: string | undefined;
  readonly GOOGLE_CLIENT_SECRET?: string | undefined;
}

interface Given {
  readonly keys: SignInKeys;
  readonly readEnv: (name: string) => string | undefined;
  /** Each fault is added here, beginning with the key that it stands in. */
  readonly faults: string[];
}

/** What the environment and the file of INSTANCE_CONFIG fix; what is wrong is added to `faults`. */
export function readFixedSettings(given: Given): FixedSettings {
  const file = readInstanceFile(given);
  const providers = [...ofEnvironment(given), ...ofGoogle(given), ...ofFile(file.signIn?.providers ?? [], given)];
  const ids = providers.map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    given.faults.push(`INSTANCE_CONFIG: signIn.providers: two providers have the id ${id}`);
  }
  return {
    name: file.name ?? null,
    contact: fixedContact(given.keys.INSTANCE_CONTACT, file.contact),
    allowedDomains: fixedDomains(given.keys.ALLOWED_EMAIL_DOMAINS, file.signIn?.allowedDomains),
    providers,
    fileHasProviders: file.signIn?.providers !== undefined,
  };
}

function fixedContact(ofKey: string | undefined, inFile: string | undefined): FixedSettings['contact'] {
  if (ofKey !== undefined) return { address: ofKey, by: 'INSTANCE_CONTACT' };
  return inFile === undefined ? null : { address: inFile, by: 'INSTANCE_CONFIG' };
}

function fixedDomains(
  ofKey: readonly string[] | undefined,
  inFile: readonly string[] | undefined,
): FixedSettings['allowedDomains'] {
  if (ofKey) return { domains: ofKey, by: 'ALLOWED_EMAIL_DOMAINS' };
  return inFile ? { domains: inFile, by: 'INSTANCE_CONFIG' } : null;
}

function ofEnvironment({ keys, faults }: Given): ConfiguredProvider[] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = keys;
  demandTogether({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret }, faults);
  const groupsClaim = keys.OIDC_GROUPS_CLAIM ?? null;
  if (groupsClaim !== null && !issuer) faults.push('OIDC_GROUPS_CLAIM: it needs OIDC_ISSUER too');
  if (!issuer || !clientId || !clientSecret) return [];
  const said = { issuer, clientId, clientSecret, groupsClaim, clientSecretEnv: 'OIDC_CLIENT_SECRET' };
  const fixed = { allowedDomains: null, fixedBy: 'OIDC_ISSUER', profile: 'oidc' } as const;
  return [{ id: 'oidc', label: 'single sign-on', ...said, ...fixed }];
}

function ofGoogle({ keys, faults }: Given): ConfiguredProvider[] {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = keys;
  demandTogether({ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret }, faults);
  if (!clientId || !clientSecret) return [];
  const said = { clientId, clientSecret, groupsClaim: null, clientSecretEnv: 'GOOGLE_CLIENT_SECRET' };
  const fixed = { allowedDomains: null, fixedBy: 'GOOGLE_CLIENT_ID', profile: 'google' } as const;
  return [{ id: 'google', label: 'Google', issuer: googleIssuer, ...said, ...fixed }];
}

function demandTogether(values: Record<string, string | undefined>, faults: string[]): void {
  const missing = Object.keys(values).filter((key) => !values[key]);
  if (missing.length === Object.keys(values).length) return;
  const given = Object.keys(values).filter((key) => values[key]);
  for (const key of missing) faults.push(`${key}: it is needed because ${given.join(' and ')} is set`);
}

function readInstanceFile({ keys, faults }: Given): z.infer<typeof instanceFile> {
  const path = keys.INSTANCE_CONFIG;
  if (path === undefined) return {};
  const parsed = instanceFile.safeParse(readYaml(path, faults) ?? {});
  if (parsed.success) return parsed.data;
  for (const { path: place, message } of parsed.error.issues) {
    faults.push(`INSTANCE_CONFIG: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}`);
  }
  return {};
}

function ofFile(entries: readonly ProviderEntry[], { readEnv, faults }: Given): ConfiguredProvider[] {
  return entries.map((entry, index) => {
    const clientSecret = readEnv(entry.clientSecretEnv);
    const place = `INSTANCE_CONFIG: signIn.providers.${index}.clientSecretEnv`;
    if (!clientSecret) faults.push(`${place}: the environment variable ${entry.clientSecretEnv} is not set`);
    return { ...configuredProvider(entry, clientSecret ?? ''), fixedBy: 'INSTANCE_CONFIG' };
  });
}

/** The provider that an entry means, with its secret. */
export function configuredProvider(entry: ProviderEntry, clientSecret: string): ConfiguredProvider {
  return {
    ...entry,
    clientSecret,
    groupsClaim: entry.groupsClaim ?? null,
    allowedDomains: entry.allowedDomains ?? null,
    profile: 'oidc',
    fixedBy: null,
  };
}

function readYaml(path: string, faults: string[]): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    faults.push(`INSTANCE_CONFIG: ${path} cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}
