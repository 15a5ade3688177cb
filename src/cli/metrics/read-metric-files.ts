import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { wrongUsage } from '../failure.ts';

/** A file as the server takes it; `path` is as the person would write it, with at least the name of its folder. */
export interface MetricFile {
  path: string;
  content: string;
}

/** The file, or the `.yml` and `.yaml` files in the folder and one level below it, in the order of their names. */
export async function readMetricFiles(place: string): Promise<MetricFile[]> {
  try {
    const paths = (await stat(place)).isDirectory() ? await listFiles(place) : [place];
    if (paths.length === 0) throw wrongUsage(`${place} holds no .yml file.`);
    return await Promise.all(paths.map(async (path) => ({ path: withFolder(path), content: await readText(path) })));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw wrongUsage(`${place} cannot be read (${code}).`);
  }
}

/** The predecessor kept an index of its files in `metrics.yml` at the top, which defines nothing. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(async ({ name }) => (await readdir(join(folder, name))).map((file) => join(folder, name, file))),
  );
  const here = entries.filter((entry) => entry.isFile() && entry.name !== 'metrics.yml');
  return [...here.map(({ name }) => join(folder, name)), ...below.flat()]
    .filter((path) => /\.ya?ml$/.test(path) && !basename(path).startsWith('.'))
    .toSorted();
}

/** The server takes the folder's name as the category where a file names none. */
function withFolder(path: string): string {
  return dirname(path) === '.' ? join(basename(dirname(resolve(path))), path) : path;
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw wrongUsage(`${path} is not UTF-8 text; save it as UTF-8.`);
    }
    throw error;
  }
}
