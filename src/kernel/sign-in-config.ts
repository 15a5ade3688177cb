import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

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

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(domainPattern, 'This is not a domain; write example.com, without @ and without *.');

/** E-mail domains separated by commas. */
export const emailDomains = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(domain));

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

const instanceFile = z.strictObject({
  signIn: z
    .strictObject({
      providers: z
        .array(
          z.strictObject({
            id: providerId,
            label: z.string().trim().min(1).max(60),
            issuer: issuerAddress,
            clientId: z.string().min(1),
            clientSecretEnv: z
              .string()
              .regex(/^[A-Z_][A-Z0-9_]*$/, 'Write the name of an environment variable, never the secret itself.'),
            groupsClaim: z.string().min(1).optional(),
            allowedDomains: z.array(domain).optional(),
          }),
        )
        .default([]),
    })
    .optional(),
});

/** What the environment says about signing in, parsed. */
export interface SignInKeys {
  readonly INSTANCE_CONFIG?: string | undefined;
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

/** Every configured issuer, those of the environment first; what is wrong is added to `faults`. */
export function readSignInProviders(given: Given): SignInProvider[] {
  const providers = [...ofEnvironment(given), ...ofGoogle(given), ...ofFile(given)];
  const ids = providers.map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    given.faults.push(`INSTANCE_CONFIG: signIn.providers: two providers have the id ${id}`);
  }
  return providers;
}

function ofEnvironment({ keys, faults }: Given): SignInProvider[] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = keys;
  demandTogether({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret }, faults);
  const groupsClaim = keys.OIDC_GROUPS_CLAIM ?? null;
  if (groupsClaim !== null && !issuer) faults.push('OIDC_GROUPS_CLAIM: it needs OIDC_ISSUER too');
  if (!issuer || !clientId || !clientSecret) return [];
  const allowedDomains = keys.ALLOWED_EMAIL_DOMAINS ?? [];
  const given = { issuer, clientId, clientSecret, groupsClaim, allowedDomains };
  return [{ id: 'oidc', label: 'single sign-on', ...given, profile: 'oidc' }];
}

function ofGoogle({ keys, faults }: Given): SignInProvider[] {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = keys;
  demandTogether({ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret }, faults);
  if (!clientId || !clientSecret) return [];
  const given = { clientId, clientSecret, groupsClaim: null, allowedDomains: keys.ALLOWED_EMAIL_DOMAINS ?? [] };
  return [{ id: 'google', label: 'Google', issuer: googleIssuer, ...given, profile: 'google' }];
}

function demandTogether(values: Record<string, string | undefined>, faults: string[]): void {
  const missing = Object.keys(values).filter((key) => !values[key]);
  if (missing.length === Object.keys(values).length) return;
  const given = Object.keys(values).filter((key) => values[key]);
  for (const key of missing) faults.push(`${key}: it is needed because ${given.join(' and ')} is set`);
}

function ofFile({ keys, readEnv, faults }: Given): SignInProvider[] {
  const path = keys.INSTANCE_CONFIG;
  if (path === undefined) return [];
  const parsed = instanceFile.safeParse(readYaml(path, faults) ?? {});
  if (!parsed.success) {
    for (const { path: place, message } of parsed.error.issues) {
      faults.push(`INSTANCE_CONFIG: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}`);
    }
    return [];
  }
  return (parsed.data.signIn?.providers ?? []).map(({ clientSecretEnv, ...provider }, index) => {
    const clientSecret = readEnv(clientSecretEnv);
    const place = `INSTANCE_CONFIG: signIn.providers.${index}.clientSecretEnv`;
    if (!clientSecret) faults.push(`${place}: the environment variable ${clientSecretEnv} is not set`);
    return {
      ...provider,
      clientSecret: clientSecret ?? '',
      groupsClaim: provider.groupsClaim ?? null,
      allowedDomains: provider.allowedDomains ?? keys.ALLOWED_EMAIL_DOMAINS ?? [],
      profile: 'oidc' as const,
    };
  });
}

function readYaml(path: string, faults: string[]): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    faults.push(`INSTANCE_CONFIG: ${path} cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}
