import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, relative, resolve, sep } from 'node:path';

/** The environment variable that lists the folders below which sources may lie. */
export const allowedRootsVariable = 'FILES_ALLOWED_ROOTS';

/** Resolves `folder` to its real path; throws unless that is a readable folder at or below an allowed root. */
export async function openFolder(folder: string, allowedRoots: string | undefined): Promise<string> {
  const roots = splitRoots(allowedRoots);
  const refused = new Error(
    `The folder ${folder} is not at or below an allowed root; choose another, or add its root to ${allowedRootsVariable}.`,
  );
  const realRoots = (await Promise.all(roots.map(realPathOrNothing))).filter((root) => root !== undefined);
  // What is refused by its name alone is not looked at, so that nobody learns which folders exist elsewhere.
  if (![...roots, ...realRoots].some((root) => isWithin(root, resolve(folder)))) throw refused;
  const real = await realPathOrNothing(folder);
  if (real === undefined) throw new Error(`The folder ${folder} does not exist; create it, or correct the path.`);
  if (!realRoots.some((root) => isWithin(root, real))) throw refused;
  if (!(await stat(real)).isDirectory())
    throw new Error(`${folder} is not a folder; name the folder that holds the files.`);
  await refuseUnreadable(real, constants.R_OK | constants.X_OK, `The folder ${folder}`);
  return real;
}

/** Resolves the file `path` of the real path `folder`; throws unless that is a readable file inside of it. */
export async function openFile(folder: string, path: string): Promise<string> {
  const refused = new Error(`The file ${path} is not inside the folder of the source; move it there.`);
  const asked = resolve(folder, path);
  if (!isWithin(folder, asked)) throw refused;
  const real = await realPathOrNothing(asked);
  if (real === undefined)
    throw new Error(`The file ${path} does not exist; deliver it, or correct the path of the table.`);
  if (!isWithin(folder, real)) throw refused;
  if (!(await stat(real)).isFile()) throw new Error(`${path} is not a file; name one file of the source.`);
  await refuseUnreadable(real, constants.R_OK, `The file ${path}`);
  return real;
}

/** Whether something lies at `path` below the real path `folder`; `openFile` tells whether it may be read. */
export async function isThere(folder: string, path: string): Promise<boolean> {
  const asked = resolve(folder, path);
  return isWithin(folder, asked) && (await realPathOrNothing(asked)) !== undefined;
}

/** The real path of a folder at or below the real path `folder`, undefined when there is none; throws when it lies outside. */
export async function openFolderWithin(folder: string, path: string): Promise<string | undefined> {
  const real = await realPathOrNothing(path);
  if (real === undefined) return undefined;
  const name = nameWithin(folder, path);
  if (!isWithin(folder, real))
    throw new Error(`The folder ${name} is not inside the folder of the source; move it there.`);
  if (!(await stat(real)).isDirectory()) return undefined;
  await refuseUnreadable(real, constants.R_OK | constants.X_OK, `The folder ${name}`);
  return real;
}

function splitRoots(allowedRoots: string | undefined): string[] {
  const roots = (allowedRoots ?? '').split(delimiter).filter((root) => root.trim() !== '');
  if (roots.length === 0) {
    throw new Error(`No folder may be read; set ${allowedRootsVariable} to the folders below which sources may lie.`);
  }
  const wrong = roots.find((root) => !isAbsolute(root));
  if (wrong !== undefined) {
    throw new Error(`${allowedRootsVariable} holds "${wrong}", which is not absolute; write absolute paths.`);
  }
  return roots.map((root) => resolve(root));
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function realPathOrNothing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`A path of the source cannot be resolved (${String(code)}); check its links and its rights.`, {
      cause: error,
    });
  }
}

async function refuseUnreadable(path: string, mode: number, subject: string): Promise<void> {
  try {
    await access(path, mode);
  } catch (error) {
    throw new Error(`${subject} cannot be read; give the server the right to read it.`, { cause: error });
  }
}

/** `path` below `folder` as the options of a table name it: with slashes. */
export function nameWithin(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
