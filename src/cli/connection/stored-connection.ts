import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failed } from '../failure.ts';

/** What `da` remembers between two commands. */
export interface StoredConnection {
  readonly server?: string;
  /** Only ever sent to `server`. */
  readonly token?: string;
  /** Of a device that was let in by `da auth login`: what its next token is had for, once. */
  readonly refreshToken?: string;
  /** When `token` ends, in RFC 3339; only beside `refreshToken`. */
  readonly tokenEndsAt?: string;
}

/** Reads what is stored in the folder; nothing is stored when there is no file. */
export async function readStoredConnection(folder: string): Promise<StoredConnection> {
  const file = fileIn(folder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw failed(`${file} cannot be read (${code}).`);
  }
  const { server, token, refreshToken, tokenEndsAt } = parse(text, file);
  return {
    server: textOrNone(server),
    token: textOrNone(token),
    refreshToken: textOrNone(refreshToken),
    tokenEndsAt: textOrNone(tokenEndsAt),
  };
}

/** Replaces what is stored, all or nothing; nobody but the owner may read the file or enter its folder. */
export async function writeStoredConnection(folder: string, stored: StoredConnection): Promise<void> {
  const file = fileIn(folder);
  const draft = join(folder, `.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await writeDurably(draft, `${JSON.stringify(stored, null, 2)}\n`);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw failed(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw failed(`${file} is not valid JSON; mend it, or remove it and sign in again.`);
}

function fileIn(folder: string): string {
  return join(folder, 'config.json');
}
