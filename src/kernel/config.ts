import { isIP } from 'node:net';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import {
  emailDomains,
  instanceContact,
  issuerAddress,
  readFixedSettings,
  type FixedSettings,
} from './sign-in-config.ts';
import { Variables } from './variables.ts';

/** The configuration does not say what is needed; the message tells every fault, one a line. */
export class ConfigurationError extends Error {
  readonly code = 'INVALID_CONFIGURATION';
}

const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true');

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'Write the URL of a PostgreSQL database, such as postgres://agnes@db.example.com/agnes.',
});

const groupsSentence = 'Write a JSON array of groups, such as [{"id":"eng@example.com","name":"Engineering"}].';

const developmentGroups = z.array(z.object({ id: z.string().trim().min(1).max(500), name: z.string().optional() }));

/** A JSON array of groups as text; one sentence for whatever is wrong with it. */
const groups = z.string().transform((text, context): DevelopmentGroup[] => {
  try {
    return developmentGroups.parse(JSON.parse(text)).map(({ id, name }) => ({ id, name: name ?? id }));
  } catch {
    context.addIssue({ code: 'custom', message: groupsSentence });
    return z.NEVER;
  }
});

const mailbox = /^(?:[^\s<>,;"]+|[^\p{C}<>,;"]*<[^\s<>,;"]+)@[^\s<>,;"@]+>?$/u;

/** Addresses and networks, separated by commas; one sentence that names the first that is neither. */
const networks = z.string().transform((text, context): readonly Network[] => {
  const written = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const read = written.map(parseNetwork);
  const wrong = read.indexOf(null);
  if (wrong === -1) return read as Network[];
  context.addIssue({
    code: 'custom',
    message: `${written[wrong]} is neither an address nor a network like 10.0.0.0/8.`,
  });
  return z.NEVER;
});

/** Absolute folders, separated by what separates paths here. */
const folders = z.string().transform((text, context): readonly string[] => {
  const written = text.split(delimiter).filter((folder) => folder.trim() !== '');
  const wrong = written.find((folder) => !isAbsolute(folder));
  if (wrong === undefined) return written.map((folder) => resolve(folder));
  context.addIssue({ code: 'custom', message: `${wrong} is not an absolute path.` });
  return z.NEVER;
});

/** Variables with the hosts that their values may go to. */
const tokens = z.string().transform((text, context): readonly AllowedToken[] => {
  const written = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const wrong = written.find((part) => !/^[A-Za-z_][A-Za-z0-9_]*@[A-Za-z0-9.-]+(:\d{1,5})?$/.test(part));
  if (wrong === undefined) {
    return written.map((part) => {
      const [name = '', host = ''] = part.split('@');
      return { name, host: host.toLowerCase() };
    });
  }
  context.addIssue({ code: 'custom', message: `${wrong} is not NAME@host, such as REPORTS_TOKEN@data.example.com.` });
  return z.NEVER;
});

function parseNetwork(text: string): Network | null {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null;
  const prefix = bits === undefined ? most : Number(bits);
  return prefix <= most ? { address, prefix, family: family === 4 ? 'ipv4' : 'ipv6' } : null;
}

/** Every key that Agnes itself reads, in the order of `docs/configuration.md`, which is printed from here. */
export const configKeys = {
  DATA_DIR: z.string().default('./data').describe('Folder of everything Agnes stores.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8000).describe('TCP port to listen on; 0 takes a free one.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('The URL at which browsers reach this server; default `http://HOST:PORT`.'),
  CORS_ORIGINS: z
    .string()
    .default('')
    .describe('Further origins that may use the API with a cookie, separated by commas.'),
  TRUSTED_PROXIES: networks
    .default([])
    .describe(
      'Addresses and networks (`10.0.0.0/8`) of the proxies before this server, separated by commas; from them alone `X-Forwarded-For` is believed.',
    ),
  SEED_ADMIN_EMAIL: z
    .email('This is not an e-mail address.')
    .optional()
    .describe('Who is made an administrator at a start without an active one; with `SEED_ADMIN_PASSWORD`.'),
  SEED_ADMIN_PASSWORD: z
    .string()
    .optional()
    .describe('The password of that administrator, 12 to 256 characters; change it after the first sign-in.'),
  DATABASE_URL: postgresUrl
    .optional()
    .describe('`postgres://…` keeps the state in PostgreSQL; unset: DuckDB in `DATA_DIR/state/system.duckdb`.'),
  JWT_SECRET_KEY: z
    .string()
    .optional()
    .describe(
      'The secret that signed the tokens of the predecessor, so that they can be verified; unset: what `DATA_DIR/state/.jwt_secret` says, if it is there.',
    ),
  UPGRADE_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'Write the name of a time zone such as Europe/Prague.')
    .default('UTC')
    .describe(
      'The time zone of the machine that the predecessor ran on, which wrote local times without a zone; counts once, when its state is taken over, see [upgrade](upgrade.md).',
    ),
  SIGNING_KEYS_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of the keys that sign links to files, one file each, readable by this user alone; default `DATA_DIR/state/keys`.',
    ),
  CONNECTORS_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of compiled connectors from elsewhere, `<name>/connector.js` each, loaded at start; unset: none.',
    ),
  REMOTE_ATTACH_ROOTS: folders
    .default([])
    .describe(
      'Absolute folders below which a DuckDB file may be attached for remote tables, separated by `:`; unset: none. See [remote tables](remote-tables.md).',
    ),
  REMOTE_ATTACH_TOKENS: tokens
    .default([])
    .describe(
      'Environment variables whose value may be handed to a remote system as its token, each with the one host it may go to: `NAME@host`, separated by commas; unset: none.',
    ),
  DUCKDB_EXTENSION_REPOSITORY: z
    .string()
    .regex(/^(https?:\/\/|\/)\S+$/, 'Write a URL or an absolute path.')
    .optional()
    .describe(
      'From where extensions of DuckDB are fetched that remote tables need: a URL or a folder laid out as DuckDB’s own repository; unset: that one and its community’s.',
    ),
  INSTANCE_CONFIG: z
    .string()
    .optional()
    .describe(
      'Path of a YAML file with the name of the instance and further sign-in providers, see [setup](setup.md); unset: none.',
    ),
  INSTANCE_CONTACT: instanceContact
    .optional()
    .describe(
      'Whom people ask for a role that a page needs: an e-mail address, or a link that begins with `https://`; unset: `contact` of `INSTANCE_CONFIG`.',
    ),
  ALLOWED_EMAIL_DOMAINS: emailDomains
    .optional()
    .describe(
      'Domains of the e-mail addresses whose owners may come in for the first time by a sign-in provider, separated by commas; unset: nobody new.',
    ),
  OIDC_ISSUER: issuerAddress.optional().describe('An OpenID Connect issuer that signs people in, as it names itself.'),
  OIDC_CLIENT_ID: z.string().optional().describe('The client id that this issuer gave to this instance.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('The secret that belongs to `OIDC_CLIENT_ID`.'),
  OIDC_GROUPS_CLAIM: z
    .string()
    .optional()
    .describe('The claim in which this issuer names the groups of a person; unset: groups are not read.'),
  GOOGLE_CLIENT_ID: z.string().optional().describe('The client id of an OAuth client at Google, to sign in by Google.'),
  GOOGLE_CLIENT_SECRET: z.string().optional().describe('The secret that belongs to `GOOGLE_CLIENT_ID`.'),
  LOCAL_DEV_MODE: flag
    .default(false)
    .describe('`1` signs everybody in as the development user; only on a loopback host.'),
  LOCAL_DEV_USER_EMAIL: z.email().default('dev@localhost.example').describe('The development user.'),
  LOCAL_DEV_GROUPS: groups
    .optional()
    .describe('The external groups of the development user: a JSON array of `{"id", "name"}`, taken over at start.'),
  SMTP_HOST: z
    .string()
    .optional()
    .describe('The mail server; unset: Agnes sends no mail and offers no sign-in by mail.'),
  SMTP_PORT: z.coerce.number().int().min(1).max(65535).default(587).describe('TCP port of the mail server.'),
  SMTP_USE_TLS: flag
    .default(true)
    .describe('`1` sends nothing unencrypted: STARTTLS, or TLS from the start on port 465; `0` never encrypts.'),
  SMTP_USER: z.string().optional().describe('User at the mail server; unset: none is told.'),
  SMTP_PASSWORD: z.string().optional().describe('The password of `SMTP_USER`.'),
  SMTP_FROM: z
    .string()
    .regex(mailbox, 'Write an address such as `agnes@example.com` or `Agnes <agnes@example.com>`.')
    .optional()
    .describe('The sender of mails, such as `Agnes <agnes@example.com>`; needed with `SMTP_HOST`.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('The least severe level that is logged.'),
} satisfies Record<string, z.ZodType>;

/** An external group that development mode puts its user into. */
export interface DevelopmentGroup {
  readonly id: string;
  readonly name: string;
}

/** The mail server and how to speak to it. */
export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** Whether nothing may be sent unencrypted; otherwise nothing is encrypted. */
  readonly useTls: boolean;
  /** Undefined: nobody signs in at the mail server. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: string;
}

/** An environment variable that may be a secret of a remote system, and the one host it may go to. */
export interface AllowedToken {
  readonly name: string;
  /** `name` or `name:port`. */
  readonly host: string;
}

/** An address with its length of prefix: one address, or a network. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** What of other systems may be attached: nothing unless it stands here. */
export interface RemoteAttachConfig {
  /** Absolute. */
  readonly roots: readonly string[];
  readonly tokens: readonly AllowedToken[];
  /** Null: where DuckDB and its community publish. */
  readonly extensionRepository: string | null;
}

/** The validated configuration, with units and shapes as the program uses them. */
export interface Config {
  dataDir: string;
  host: string;
  port: number;
  /** Undefined: it follows from host and port once the server listens. */
  publicUrl: string | undefined;
  corsOrigins: readonly string[];
  trustedProxies: readonly Network[];
  /** Who is made an administrator when there is none; null: nobody. */
  seedAdmin: { readonly email: string; readonly password: string } | null;
  databaseUrl: string | undefined;
  jwtSecretKey: string | undefined;
  /** Of which zone times without one are that the predecessor wrote. */
  upgradeTimeZone: string;
  /** Absolute. */
  signingKeysDir: string;
  /** Absolute; undefined: only the connectors that ship. */
  connectorsDir: string | undefined;
  /** What the operator fixed of the name of the instance, its contact and signing in. */
  fixedSettings: FixedSettings;
  /** Absolute; undefined: there is none. */
  instanceConfigFile: string | undefined;
  /** What of other systems may be attached. */
  remoteAttach: RemoteAttachConfig;
  developmentMode: boolean;
  developmentUserEmail: string;
  developmentGroups: readonly DevelopmentGroup[];
  /** Null: no mail is sent. */
  smtp: SmtpConfig | null;
  logLevel: string;
  /** What connectors and providers may read: the environment, and behind it the secrets that were set in the program. */
  variables: Variables;
}

/** The variables of the process as they are, for programs that set some before they read the configuration. */
export function readEnvironment(): Record<string, string | undefined> {
  return process.env;
}

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Whether `host` can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return loopbackHosts.has(host);
}

/** The text, which `option` gives, when it could be the value of `DATABASE_URL`; throws a `ConfigurationError` otherwise. */
export function readDatabaseUrl(text: string, option: string): string {
  const parsed = postgresUrl.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(`${option}: ${parsed.error.issues[0]!.message}`);
}

/** Reads and validates the whole environment once; throws a `ConfigurationError` that tells all faults together. */
export function readConfig(environment: Record<string, string | undefined> = readEnvironment()): Config {
  const given = withPublicUrl(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')));
  const parsed = z.object(configKeys).safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const dataDir = resolve(given['DATA_DIR'] ?? './data');
  const variables = openVariables(given, { dataDir, faults });
  const readEnv = (name: string) => variables.read(name);
  const keys = parsed.success ? parsed.data : { ...given, ALLOWED_EMAIL_DOMAINS: undefined };
  const fixedSettings = readFixedSettings({ keys, readEnv, faults });
  const development = ['1', 'true'].includes(given['LOCAL_DEV_MODE'] ?? '');
  if (development && !isLoopback(given['HOST'] ?? '127.0.0.1')) {
    faults.push(`LOCAL_DEV_MODE: development mode answers only on a loopback host; HOST is ${given['HOST']}`);
  }
  faults.push(...findMailFaults(given));
  if ((given['SEED_ADMIN_EMAIL'] === undefined) !== (given['SEED_ADMIN_PASSWORD'] === undefined)) {
    faults.push('SEED_ADMIN_EMAIL: give SEED_ADMIN_EMAIL and SEED_ADMIN_PASSWORD together, or neither');
  }
  if (!parsed.success || faults.length > 0) {
    throw new ConfigurationError(
      `The configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  const values = parsed.data;
  return {
    dataDir,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL?.replace(/\/$/, ''),
    corsOrigins: values.CORS_ORIGINS.split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    trustedProxies: values.TRUSTED_PROXIES,
    seedAdmin: seedAdminOf(values.SEED_ADMIN_EMAIL, values.SEED_ADMIN_PASSWORD),
    databaseUrl: values.DATABASE_URL,
    jwtSecretKey: values.JWT_SECRET_KEY,
    upgradeTimeZone: values.UPGRADE_TIME_ZONE,
    signingKeysDir: resolve(values.SIGNING_KEYS_DIR ?? join(values.DATA_DIR, 'state/keys')),
    connectorsDir: values.CONNECTORS_DIR === undefined ? undefined : resolve(values.CONNECTORS_DIR),
    fixedSettings,
    instanceConfigFile: values.INSTANCE_CONFIG === undefined ? undefined : resolve(values.INSTANCE_CONFIG),
    remoteAttach: {
      roots: values.REMOTE_ATTACH_ROOTS,
      tokens: values.REMOTE_ATTACH_TOKENS,
      extensionRepository: values.DUCKDB_EXTENSION_REPOSITORY ?? null,
    },
    developmentMode: values.LOCAL_DEV_MODE,
    developmentUserEmail: values.LOCAL_DEV_USER_EMAIL,
    developmentGroups: values.LOCAL_DEV_GROUPS ?? [],
    smtp: readSmtp(values),
    logLevel: values.LOG_LEVEL,
    variables,
  };
}

/** The environment and the file of secrets that belongs to the folder; a file that cannot be read is a fault. */
function openVariables(
  environment: Record<string, string | undefined>,
  { dataDir, faults }: { dataDir: string; faults: string[] },
): Variables {
  const file = join(dataDir, 'state', '.env_overlay');
  const reserved = new Set([...Object.keys(configKeys), 'SERVER_URL']);
  try {
    return new Variables({ environment, file, reserved });
  } catch (error) {
    faults.push(`DATA_DIR: ${file} cannot be read: ${(error as Error).message}`);
    return new Variables({ environment, file: join(dataDir, 'state', '.no-such-file'), reserved });
  }
}

function isTimeZone(name: string): boolean {
  try {
    return (
      /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    );
  } catch {
    return false;
  }
}

/** The predecessor called `PUBLIC_URL` `SERVER_URL`. */
function withPublicUrl(given: Record<string, string | undefined>): Record<string, string | undefined> {
  return { ...given, PUBLIC_URL: given['PUBLIC_URL'] ?? given['SERVER_URL'] };
}

/** What is wrong with the keys of mail taken together; each alone is checked by itself. */
function findMailFaults(given: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  if (given['SMTP_HOST'] === undefined) {
    const others = ['SMTP_PORT', 'SMTP_USE_TLS', 'SMTP_USER', 'SMTP_PASSWORD', 'SMTP_FROM'];
    const useless = others.filter((key) => given[key] !== undefined);
    if (useless.length > 0) faults.push(`SMTP_HOST: name the mail server, or leave out ${useless.join(', ')}`);
    return faults;
  }
  if (given['SMTP_FROM'] === undefined)
    faults.push('SMTP_FROM: mails need a sender, such as Agnes <agnes@example.com>');
  if ((given['SMTP_USER'] === undefined) !== (given['SMTP_PASSWORD'] === undefined)) {
    faults.push('SMTP_USER, SMTP_PASSWORD: give both or neither');
  }
  if (given['PUBLIC_URL'] === undefined && !isLoopback(given['HOST'] ?? '127.0.0.1')) {
    faults.push('PUBLIC_URL: links in mails lead there; say where browsers reach this server');
  }
  return faults;
}

function readSmtp(values: z.infer<z.ZodObject<typeof configKeys>>): SmtpConfig | null {
  if (values.SMTP_HOST === undefined || values.SMTP_FROM === undefined) return null;
  return {
    host: values.SMTP_HOST,
    port: values.SMTP_PORT,
    useTls: values.SMTP_USE_TLS,
    user: values.SMTP_USER,
    password: values.SMTP_PASSWORD,
    from: values.SMTP_FROM,
  };
}

function seedAdminOf(email: string | undefined, password: string | undefined): Config['seedAdmin'] {
  return email === undefined || password === undefined ? null : { email, password };
}
