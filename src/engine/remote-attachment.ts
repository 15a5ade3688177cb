import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Failure } from '../kernel/errors.ts';
import { sha256 } from '../kernel/ids.ts';
import { remoteTypeOf, type AttachedNames, type RemoteTable, type RemoteType } from './remote-type.ts';

/** The operator has not allowed this attachment, or what it needs is missing; the sentence is for administrators. */
export class RemoteRefusedError extends Failure {
  readonly code = 'REMOTE_REFUSED';
}

/** What the operator allows to be attached: nothing unless it stands here. */
export interface RemoteSettings {
  /** Absolute folders below which a DuckDB file may be attached. */
  readonly roots: readonly string[];
  /** Absolute folders below which none may be, whatever `roots` says. */
  readonly closed: readonly string[];
  /** The environment variables whose value may be a secret, each with the one host (`name` or `name:port`) it may go to. */
  readonly tokens: readonly { readonly name: string; readonly host: string }[];
  readEnv(name: string): string | undefined;
  /** Where extensions are kept once they are installed. */
  readonly extensionFolder: string;
  /** From where extensions come; null: from where DuckDB and its community publish them. */
  readonly extensionRepository: string | null;
  /** Whether a missing extension is fetched; left out: it must be there. */
  readonly install?: boolean;
  /** Test only: extensions that nobody has signed are loaded, and these types exist besides. */
  readonly unsigned?: { readonly types: Readonly<Record<string, RemoteType>> };
}

/** Everything a process needs to attach one system; it holds the secret, so it only ever crosses the private channel to it. */
export interface Attachment {
  /** Equal for equal systems; without anything secret. */
  key: string;
  names: AttachedNames;
  extension: ExtensionPlan | null;
  /** Real path of the one file that it opens; null: it is reached over the network. */
  file: string | null;
  statements: readonly string[];
  /** Texts that no message may hold. */
  secrets: readonly string[];
}

/** An extension to load, and from where it may be installed; null: it must be there already. */
export interface ExtensionPlan {
  name: string;
  folder: string;
  /** Behind FROM in INSTALL: a publisher's name, or an address. */
  installFrom: { publisher: string } | { repository: string } | null;
  unsigned: boolean;
}

/** An attachment, or the sentence that says why there is none. */
export type PlannedAttachment = Attachment | { key: string; refused: string };

/** What begins the name of every attached catalog; no statement of a user may name one. */
export const attachedCatalogPrefix = 'agnes remote ';

/** The key of the attachment through which a table is reached. */
export function attachmentKey({ type, url, tokenEnv }: Omit<RemoteTable, 'schema' | 'table'>): string {
  return sha256(JSON.stringify([type, url, tokenEnv])).slice(0, 32);
}

/** The name of the catalog as which a system is attached. */
export function attachedCatalog(key: string): string {
  return `${attachedCatalogPrefix}${key}`;
}

/**
 * How to attach the system of `remote`, when the operator allows it now. Throws a `RemoteRefusedError`
 * otherwise; what it says holds no secret.
 */
export function planAttachment(remote: Omit<RemoteTable, 'schema' | 'table'>, settings: RemoteSettings): Attachment {
  const { url } = remote;
  const type = settings.unsigned?.types[remote.type] ?? remoteTypeOf(remote.type);
  if (!type) throw new RemoteRefusedError(`Systems of the type ${JSON.stringify(remote.type)} cannot be attached.`);
  const fault = type.faultOf(url);
  if (fault !== null) throw new RemoteRefusedError(`The url of a remote system of the type ${remote.type} ${fault}.`);
  const path = type.fileOf(url);
  const file = path === null ? null : allowedFile(path, settings);
  const token = readToken(remote, type.hostOf(url), settings);
  const key = attachmentKey(remote);
  const names = { catalog: attachedCatalog(key), secret: `agnes secret ${key}` };
  return {
    key,
    names,
    extension: type.extension && planExtension(type.extension, settings),
    file,
    statements: type.statements({ url: file ?? url, token: token ?? '', names }),
    secrets: token === null ? [] : [token],
  };
}

/** As `planAttachment`, for several at once; those that are refused cost the others nothing. */
export function planAttachments(
  remotes: Iterable<Omit<RemoteTable, 'schema' | 'table'>>,
  settings: RemoteSettings,
): PlannedAttachment[] {
  const planned = new Map<string, PlannedAttachment>();
  for (const remote of remotes) {
    const key = attachmentKey(remote);
    if (!planned.has(key)) planned.set(key, planOrRefuse(key, remote, settings));
  }
  return [...planned.values()];
}

function planOrRefuse(
  key: string,
  remote: Omit<RemoteTable, 'schema' | 'table'>,
  settings: RemoteSettings,
): PlannedAttachment {
  try {
    return planAttachment(remote, settings);
  } catch (error) {
    if (error instanceof RemoteRefusedError) return { key, refused: error.message };
    throw error;
  }
}

function planExtension(
  { name, publisher }: NonNullable<RemoteType['extension']>,
  { extensionFolder, extensionRepository, unsigned, install }: RemoteSettings,
): ExtensionPlan {
  const from = extensionRepository === null ? { publisher } : { repository: extensionRepository };
  return { name, folder: extensionFolder, installFrom: install ? from : null, unsigned: unsigned !== undefined };
}

function readToken(
  { type, tokenEnv }: Pick<RemoteTable, 'type' | 'tokenEnv'>,
  host: string | null,
  settings: RemoteSettings,
): string | null {
  if (host === null) {
    if (tokenEnv === null) return null;
    throw new RemoteRefusedError(`A remote system of the type ${type} takes no token; leave token_env empty.`);
  }
  if (tokenEnv === null) {
    throw new RemoteRefusedError(`A remote system of the type ${type} needs a token; name its variable in token_env.`);
  }
  if (!settings.tokens.some((allowed) => allowed.name === tokenEnv && allowed.host === host)) {
    throw new RemoteRefusedError(
      `The variable ${tokenEnv} may not go to ${host}; add ${tokenEnv}@${host} to REMOTE_ATTACH_TOKENS to allow it.`,
    );
  }
  const token = settings.readEnv(tokenEnv);
  if (token) return token;
  throw new RemoteRefusedError(`The variable ${tokenEnv} is not set; set it and start the server again.`);
}

/** The real path of a file at or below an allowed folder. What is refused by its name alone is not looked at. */
function allowedFile(path: string, { roots, closed }: RemoteSettings): string {
  const refused = new RemoteRefusedError(
    'The file of the remote system is not below a folder that REMOTE_ATTACH_ROOTS allows.',
  );
  const realRoots = roots.flatMap((root) => realPath(root) ?? []);
  if (![...roots, ...realRoots].some((root) => isWithin(root, resolve(path)))) throw refused;
  const real = realPath(path);
  if (real === undefined || !statSync(real).isFile()) {
    throw new RemoteRefusedError('The file of the remote system is not there, or cannot be reached.');
  }
  const isClosed = closed.some((folder) => isWithin(realPath(folder) ?? folder, real));
  if (isClosed || !realRoots.some((root) => isWithin(root, real))) throw refused;
  return real;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
